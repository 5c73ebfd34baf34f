import { describe, expect, it } from 'vitest';

import type { ContentEvidence } from '../../../src/model/verdict.ts';
import { assumeDeclared, contentKey, seeContent } from '../../../src/rules/decide/seen-content.ts';
import { type Example, typed, untyped } from '../evidence-builder.ts';

const contentOf = ({ content }: Example): ContentEvidence => content ?? { kind: 'unread', why: '' };
const see = (example: Example) => seeContent(contentOf(example));

describe('seen content', () => {
  it('keeps the first line and the last two, with far offsets left out', () => {
    const evidence = [
      { offset: 0, detail: 'qcow2, version 3' },
      { offset: 104, detail: 'left out' },
      { offset: 510, detail: 'guest: MBR, 1 partition' },
      { offset: 1_048_577, detail: `far ${'x'.repeat(90)}` },
    ];
    const { lines } = see(untyped('qcow2', 'blank', { evidence })) as { readonly lines: readonly string[] };
    expect(lines).toEqual([
      'byte 0: qcow2, version 3',
      'guest 510: MBR, 1 partition',
      `byte beyond 1 MiB: far ${'x'.repeat(57)}`,
    ]);
  });
  it('is contested for a polyglot, whatever its confidence', () => {
    expect(see(typed('disk', 'raw', 'certain', { safety: ['POLYGLOT'] }))).toMatchObject({ certainty: 'contested' });
    expect(see(typed('disk', 'raw', 'certain'))).toMatchObject({ certainty: 'certain', why: null });
  });
  it('shows only plain ASCII', () => {
    expect(seeContent({ kind: 'unread', why: 'caf\u00e9\u001b[0m' })).toEqual({ kind: 'unread', why: 'caf??[0m' });
  });
  it('has the same key whatever reading cost', () => {
    const cost = { requests: 9, bytes: 1 };
    expect(contentKey(see(typed('disk', 'raw', 'likely', { cost })))).toBe(
      contentKey(see(typed('disk', 'raw', 'likely'))),
    );
    expect(contentKey(see(typed('disk', 'raw', 'weak')))).not.toBe(contentKey(see(typed('disk', 'raw', 'likely'))));
  });
});

describe('raw bytes whose end was not seen', () => {
  const cut = see(typed('disk', 'raw', 'certain', { reach: 'cut' }));
  it('are assumed to be the fixed VHD that they are declared as, and prove nothing', () => {
    expect(assumeDeclared(cut, 'vhd')).toMatchObject({ containerType: 'vhd', certainty: 'likely' });
  });
  it('are not assumed to be anything else', () => {
    expect(assumeDeclared(cut, 'vmdk')).toBe(cut);
    const whole = see(typed('disk', 'raw', 'certain'));
    expect(assumeDeclared(whole, 'vhd')).toBe(whole);
  });
});
