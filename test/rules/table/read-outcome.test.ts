import { describe, expect, it } from 'vitest';

import {
  readContentThen,
  readContradiction,
  readFixedThen,
  readOperatorThen,
  readTupleThen,
  readVoteThen,
} from '../../../src/rules/table/read-outcome.ts';
import { readBy } from './located.ts';

describe('then of a vote', () => {
  it('has types and containers', () => {
    expect(readBy(readVoteThen, '{ types: [disk, $bexar_type], container_if_unsaid: raw }').value).toEqual({
      types: ['disk', '$bexar_type'],
      container: null,
      containerIfUnsaid: 'raw',
    });
    expect(readBy(readVoteThen, '{ types: [] }').problems).toEqual(['at least one type, found none']);
    expect(readBy(readVoteThen, '{}').problems).toEqual(['the key types, found nothing']);
  });
});

describe('then of an operator', () => {
  it('is inferred and without envelope unless it says otherwise', () => {
    expect(readBy(readOperatorThen, '{ type: disk, container: $disk }').value).toEqual({
      status: 'inferred',
      type: 'disk',
      container: '$disk',
      envelope: null,
    });
    expect(
      readBy(readOperatorThen, '{ type: disk, container: raw, envelope: ova, status: exact }').value,
    ).toMatchObject({
      status: 'exact',
      envelope: 'ova',
    });
  });
  it('needs type and container, and is never ambiguous', () => {
    expect(readBy(readOperatorThen, '{ type: disk }')).toEqual({
      value: null,
      problems: ['the key container, found nothing'],
    });
    expect(readBy(readOperatorThen, '{ type: disk, container: raw, status: ambiguous }').problems).toEqual([
      'one of exact, inferred, found "ambiguous"',
    ]);
  });
});

describe('then of a tuple', () => {
  it('is read with one container for all types', () => {
    expect(
      readBy(readTupleThen, '{ status: ambiguous, types: [disk, other], container: raw, admits: iso9660 }'),
    ).toMatchObject({
      value: { types: ['disk', 'other'], containers: ['raw'], admits: ['iso9660'], exactWithOwnKernel: 'no' },
      problems: [],
    });
  });
  it.each([
    ['{ status: ambiguous, types: disk, container: raw }', 'two types or more in an ambiguous row, found 1'],
    ['{ status: exact, types: [disk, other], container: raw }', 'one type in an exact row, found 2'],
    [
      '{ status: ambiguous, types: [disk, other, kernel], container: [raw, vhd] }',
      'one container, or one for each type, found 2 for 3',
    ],
    [
      '{ status: exact, types: disk, container: raw, open_containers: raw }',
      'open_containers in unmappable rows only, found open_containers in an exact row',
    ],
    [
      '{ status: unmappable, types: disk, container: raw, open_containers: raw }',
      'no container in an unmappable row, found 1',
    ],
    ['{ status: unmappable, types: disk }', 'open_containers in an unmappable row, found none'],
    ['{ status: unmappable, open_containers: raw }', 'two open_containers or more, or a type, found one'],
    ['{ types: disk }', 'the key status, found nothing'],
  ])('%s is refused', (text, problem) => {
    expect(readBy(readTupleThen, text).problems).toEqual([problem]);
  });
});

describe('then of content', () => {
  it('has the status that its answer allows', () => {
    expect(readBy(readContentThen, '{ answer: row }').value).toEqual({
      answer: 'row',
      status: null,
      types: [],
      container: null,
    });
    expect(readBy(readContentThen, '{ answer: content, status: exact }').value).toMatchObject({ status: 'exact' });
  });
  it.each([
    ['{ answer: row, status: exact }', 'no status with answer row, found "exact"'],
    ['{ answer: content }', 'status exact or inferred with answer content, found nothing'],
    ['{ answer: chosen, status: exact }', 'one of inferred, found "exact"'],
    ['{ answer: named, status: ambiguous, types: [disk, disk], container: luks }', 'two types or more, found 2'],
    ['{ answer: named, status: inferred, types: [disk] }', 'the key container, found nothing'],
    ['{ answer: row, types: [disk] }', 'types and container with answer named only, found answer row'],
    ['{ status: exact }', 'the key answer, found nothing'],
  ])('%s is refused', (text, problem) => {
    expect(readBy(readContentThen, text).problems).toEqual([problem]);
  });
});

it('a fixed outcome has its status only', () => {
  expect(
    readBy((node, problems) => readFixedThen(node, 'ambiguous', problems), '{ status: ambiguous }').problems,
  ).toEqual([]);
  expect(readBy((node, problems) => readFixedThen(node, 'ambiguous', problems), '{ status: exact }').problems).toEqual([
    'one of ambiguous, found "exact"',
  ]);
});

it('a contradiction is one of the two kinds', () => {
  expect(readBy(readContradiction, '{ between: evidence-and-tuple }').value).toBe('evidence-and-tuple');
  expect(readBy(readContradiction, '{ between: [evidence-and-tuple] }').problems).toEqual([
    'one of references-and-properties, evidence-and-tuple, found a list',
  ]);
});
