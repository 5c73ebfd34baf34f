import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FactName, type Inspection, INSPECTION_FACTS, type LayerFacts } from '../../../src/model/inspection.ts';
import { CONTENTS } from '../contents.ts';
import { RELEASES, TABLE, verdictOf, WORDS } from '../predictions.ts';

const NAMES = Object.keys(INSPECTION_FACTS) as FactName[];

/** Numbers around every bound of the table, and others. */
const NUMBERS = [0, 1, 2, 3, 4, 63, 64, 104, 511, 512, 591, 592, 1023, 1024, 34815, 34816, 65536];

function valueOf(name: FactName): fc.Arbitrary<string | number | boolean> {
  const shape = INSPECTION_FACTS[name];
  if (shape.kind === 'word') return fc.constantFrom<string>(...shape.words);
  return shape.kind === 'flag' ? fc.boolean() : fc.constantFrom(...NUMBERS);
}

/** Facts of any kind, with some that do not apply. */
const anyFacts = fc
  .record(Object.fromEntries(NAMES.map((name) => [name, valueOf(name)])), { requiredKeys: ['size', 'signature'] })
  .map((facts) => facts as LayerFacts);

/** Facts of real contents, so that many images get past the first steps. */
const realFacts = fc.constantFrom(
  ...Object.values<Inspection>(CONTENTS).flatMap(({ file, guest }) =>
    guest.kind === 'read' ? [file, guest.facts] : [file],
  ),
);

const layer = fc.oneof(anyFacts, realFacts);

/** The same facts where some were not seen. Facts that do not apply stay out. */
function hide(facts: LayerFacts, hidden: readonly FactName[]): LayerFacts {
  const names = hidden.filter((name) => facts[name] !== undefined);
  return { ...facts, ...Object.fromEntries(names.map((name) => [name, null])) };
}

const image = fc.record({
  file: layer,
  guest: layer,
  hiddenOfFile: fc.subarray(NAMES),
  hiddenOfGuest: fc.subarray(NAMES),
  guestIsUnread: fc.boolean(),
  word: fc.constantFrom(...WORDS, 'qed', 'a word of the site'),
  container: fc.constantFrom('bare', 'ova', 'compressed'),
  release: fc.constantFrom(...RELEASES),
  backend: fc.constantFrom(...TABLE.backends.map(({ name }) => name)),
  service: fc.constantFrom(...TABLE.services.keys()),
});

describe('a verdict on bytes of which some were not seen', () => {
  it('is the verdict on every completion of them, or unknown', () => {
    fc.assert(
      fc.property(image, (drawn) => {
        const { file, guest, word, service, release, backend } = drawn;
        const row = { containerFormat: drawn.container };
        const partly: Inspection = {
          file: hide(file, drawn.hiddenOfFile),
          guest: drawn.guestIsUnread
            ? { kind: 'unread', why: 'too far' }
            : { kind: 'read', facts: hide(guest, drawn.hiddenOfGuest) },
        };
        const before = verdictOf(service, release, word, partly, row, backend);
        const whole: Inspection = { file, guest: { kind: 'read', facts: guest } };
        const after = verdictOf(service, release, word, whole, row, backend);
        if (before.kind !== 'unknown' && after.kind !== 'unknown') expect(before.kind).toBe(after.kind);
        if (before.kind === 'refused' && after.kind === 'refused' && before.remedies.length > 0) {
          expect(after.remedies).toEqual(expect.arrayContaining([...before.remedies]));
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('is exact where one fact was not seen: unknown only if two values of it end differently', () => {
    const contents = fc.constantFrom(...Object.values<Inspection>(CONTENTS));
    fc.assert(
      fc.property(contents, fc.constantFrom(...NAMES), image, (bytes, name, { word, service, release }) => {
        if (bytes.file[name] === undefined) return;
        const shape = INSPECTION_FACTS[name];
        const values = shape.kind === 'word' ? shape.words : shape.kind === 'flag' ? [true, false] : NUMBERS;
        const kinds = new Set(
          values.map(
            (value) => verdictOf(service, release, word, { ...bytes, file: { ...bytes.file, [name]: value } }).kind,
          ),
        );
        const unseen = verdictOf(service, release, word, { ...bytes, file: { ...bytes.file, [name]: null } });
        expect([name, word, service, release, unseen.kind]).toEqual([
          name,
          word,
          service,
          release,
          kinds.size === 1 ? [...kinds][0] : 'unknown',
        ]);
      }),
      { numRuns: 1500 },
    );
  });
});
