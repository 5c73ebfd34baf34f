import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { oneField } from '../../../src/rules/decide/one-field.ts';
import { decide, evidence, outcomeText } from '../evidence-builder.ts';

const text = readFileSync(new URL('tuples.golden.tsv', import.meta.url), 'utf8');
const rows = text
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t'));

function stored(word: string | undefined): string | null {
  if (word === 'NULL') return null;
  if (word === "''") return '';
  return word === '<unknown>' ? 'no-such-word' : (word ?? '');
}

/** A list of one value stands for all; `-` for nothing. */
function spread(list: string | undefined, length: number): readonly string[] {
  const values = (list ?? '').split('|');
  return values.length === 1 ? Array.from({ length }, () => values[0] ?? '') : values;
}

describe('the tuple alone', () => {
  it('covers every pair of 23 disk words and 12 container words once', () => {
    expect(rows.length).toBe(276);
    expect(new Set(rows.map(([disk, container]) => `${disk},${container}`)).size).toBe(276);
  });

  it.each(rows)('%s,%s becomes %s in %s, %s', (disk, container, types, containers, status, envelope, formats) => {
    const decision = decide(evidence(stored(disk), stored(container)));
    const wrapper = envelope === '-' ? '' : ` in ${envelope}`;
    if (status === 'unmappable') {
      expect(outcomeText(decision)).toBe(`unmappable ${types}${wrapper}`);
      return;
    }
    const typeList = (types ?? '').split('|');
    const containerList = spread(containers, typeList.length);
    const expected = typeList.map((type, i) => `${type}/${containerList[i]}${wrapper}`).join(' | ');
    expect(outcomeText(decision)).toBe(`${status} ${expected}`);

    const classifications =
      decision.status === 'ambiguous'
        ? decision.candidates
        : 'classification' in decision
          ? [decision.classification]
          : [];
    const words = classifications.map((classification) => oneField(classification).format ?? 'none');
    expect(words).toEqual(spread(formats, typeList.length));
  });

  it('reports the empty string and odd spelling as a finding, and nothing else of a tuple does', () => {
    for (const [disk, container] of rows) {
      const { findings } = decide(evidence(stored(disk), stored(container)));
      expect(findings.includes('TUPLE_NOT_NORMALISED')).toBe(disk === "''" || container === "''");
      expect(findings.includes('WORD_UNKNOWN')).toBe(disk === '<unknown>' || container === '<unknown>');
    }
  });

  it('reports ovf as unverified wherever it is kept as envelope', () => {
    for (const [disk, container, , , , envelope] of rows) {
      const { findings } = decide(evidence(stored(disk), stored(container)));
      expect(findings.includes('OVF_UNVERIFIED')).toBe(envelope === 'ovf');
    }
  });
});
