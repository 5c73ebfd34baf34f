import { describe, expect, it } from 'vitest';

import { RetypeError } from '../../../src/model/error.ts';
import { loadRules } from '../../../src/rules/table/load.ts';
import { shippedRules } from '../../../src/rules/table/rule-files.ts';

const shipped = shippedRules();

/** What the loader says of the shipped table after one change in its text. */
function refused(from: string, to: string): string {
  const text = shipped.text.replace(from, to);
  expect(text).not.toBe(shipped.text);
  try {
    loadRules([{ ...shipped, text }]);
  } catch (error) {
    if (error instanceof RetypeError) return error.message;
    throw error;
  }
  return 'accepted';
}

const LAST = `  - id: CONTENT-UNTYPED
    when: { content: undetermined }
    then: { answer: row }
    reason: its bytes name no type, and their container fits what is declared
`;

describe('the content section', () => {
  it('has a row for every content', () => {
    const message = refused(LAST, '');
    expect(message).toContain('expected a row for every content');
    expect(message).toContain('found    none for content undetermined');
  });
  it('has no row that can never fire', () => {
    const message = refused(LAST, LAST + LAST.replace('CONTENT-UNTYPED', 'LATE'));
    expect(message).toContain('LATE never fires: CONTENT-UNTYPED, ');
  });
  it('takes the answer of the bytes only where they name a type', () => {
    expect(refused(LAST, LAST.replace('{ answer: row }', '{ status: inferred, answer: content }'))).toContain(
      'expected content among weak, likely, certain with answer content',
    );
  });
  it('takes what the bytes choose only where the row leaves it open', () => {
    expect(
      refused(
        'when: { content: weak }\n    then: { answer: row }',
        'when: { content: weak }\n    then: { status: inferred, answer: chosen }',
      ),
    ).toContain('expected content_row among open with answer chosen');
  });
  it.each([
    [
      'then: { status: exact, answer: content }',
      'then: { answer: content }',
      'expected status exact or inferred with answer content',
    ],
    [
      'then: { status: exact, answer: content }',
      'then: { status: ambiguous, answer: content }',
      'expected one of exact, inferred',
    ],
    ['then: { status: exact, answer: content }', 'then: { status: exact }', 'expected the key answer'],
    [
      'then: { status: exact, answer: content }',
      'then: { status: exact, answer: bytes }',
      'expected one of row, content, chosen',
    ],
    [
      'then: { status: exact, answer: content }',
      'then: { status: exact, answer: content, types: [disk] }',
      'types and container with answer named only',
    ],
    ['then: { answer: row }', 'then: { status: exact, answer: row }', 'expected no status with answer row'],
    ['types: [disk], container: luks', 'types: [disk, disk], container: luks', 'expected one type'],
    [
      'types: [disk, filesystem], container: luks',
      'types: [disk, disk], container: luks',
      'expected two types or more',
    ],
    ['types: [disk], container: luks', 'types: [disk]', 'expected the key container'],
    ['types: [disk], container: luks', 'types: [disk], container: lux', 'expected one of raw, cow'],
    ['when: { content: certain }', 'when: { content: sure }', 'expected one of absent, unread'],
    ['when: { content: certain }', 'when: { disk: raw }', 'expected one of the keys content'],
    ['id: CONTENT-PROOF', 'id: CONTENT-LIKELY', 'expected an id of its own'],
  ])('%s as %s is refused', (from, to, message) => {
    expect(refused(from, to)).toContain(message);
  });
  it('is not for operators, but its first attribute is', () => {
    const own = (text: string) => () => loadRules([{ path: 'site.yaml', text, origin: 'operator' }, shipped]);
    expect(own('content: []')).toThrow(/expected one of the keys aliases, rows/);
    const row = (when: string) => `rows: [{ id: A, when: ${when}, then: { type: disk, container: raw }, reason: r }]`;
    expect(own(row('{ content: undetermined }'))).not.toThrow();
    expect(own(row('{ content_tuple: differs }'))).toThrow(/expected one of the keys/);
  });
});
