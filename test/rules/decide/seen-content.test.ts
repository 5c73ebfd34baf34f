import { describe, expect, it } from 'vitest';

import { type Inspection, INSPECTION_FACTS, type LayerFacts } from '../../../src/model/inspection.ts';
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

describe('the key of what the services see', () => {
  const FACTS = Object.entries(INSPECTION_FACTS);
  const key = (inspection: Inspection): string => contentKey(see(typed('disk', 'raw', 'likely', { inspection })));
  /** Every value that a fact may have, and null, each alone in its layer. */
  const layers: readonly LayerFacts[] = FACTS.flatMap(([name, fact]) => {
    const values = fact.kind === 'word' ? fact.words : fact.kind === 'flag' ? [true, false] : [0, 1];
    return [null, ...values].map((value): LayerFacts => ({ [name]: value }));
  });
  const guests: readonly Inspection['guest'][] = [
    { kind: 'none' },
    { kind: 'unread', why: 'cut' },
    { kind: 'unread', why: 'gone' },
    ...[{}, ...layers].map((facts) => ({ kind: 'read', facts }) as const),
  ];

  it('differs wherever a fact, its absence or its being unseen differs, in the file and in the guest', () => {
    const all = [
      ...[{}, ...layers].map((file) => ({ file, guest: { kind: 'none' } }) as const),
      ...guests.map((guest) => ({ file: {}, guest })),
    ];
    // The first of the guests is the first of the files.
    expect(new Set(all.map(key)).size).toBe(all.length - 1);
  });

  it('is the same in whatever order the facts come', () => {
    const file = { size: 512, signature: 'none', 'boot-signature': true } as const;
    const turned: LayerFacts = Object.fromEntries(Object.entries(file).toReversed());
    expect(key({ file: turned, guest: { kind: 'none' } })).toBe(key({ file, guest: { kind: 'none' } }));
  });

  it('is short, although there are many facts', () => {
    const longest = (fact: (typeof FACTS)[number][1]) =>
      fact.kind === 'word'
        ? fact.words.toSorted((a, b) => b.length - a.length)[0]
        : fact.kind === 'flag'
          ? false
          : 65_536;
    const facts: LayerFacts = Object.fromEntries(FACTS.map(([name, fact]) => [name, longest(fact)]));
    const full = key({ file: facts, guest: { kind: 'read', facts } });
    const none = key({ file: {}, guest: { kind: 'none' } });
    expect(full.length - none.length).toBeLessThan(2 * FACTS.length * 12);
    expect(JSON.stringify({ file: facts, guest: { kind: 'read', facts } }).length).toBeGreaterThan(full.length * 1.5);
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
