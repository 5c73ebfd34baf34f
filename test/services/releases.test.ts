import { describe, expect, it } from 'vitest';
import { parseReleases } from '../../src/services/releases.ts';
import { RELEASES, TABLE } from './predictions.ts';

const parse = (text: string) => parseReleases(text, TABLE);
const advice = (text: string) => {
  const choice = parse(text);
  return choice.kind === 'wrong' ? choice.advice : choice;
};

describe('the text of --openstack', () => {
  it('names one release, by number or code name in any case', () => {
    for (const text of ['2025.1', 'epoxy', 'Epoxy', ' EPOXY ']) {
      expect(parse(text)).toEqual({ kind: 'releases', release: '2025.1', before: null });
    }
  });

  it('names the release that runs today and the one that comes', () => {
    expect(parse('2024.2..2025.2')).toEqual({ kind: 'releases', release: '2025.2', before: '2024.2' });
    expect(parse('caracal..2026.1')).toEqual({ kind: 'releases', release: '2026.1', before: '2024.1' });
  });

  it('refuses the wrong order, the same release twice, and three', () => {
    expect(parse('2025.2..2024.1')).toMatchObject({ found: '2025.2..2024.1', advice: 'write 2024.1..2025.2' });
    expect(advice('2025.1..epoxy')).toBe('write 2025.1 alone, or name a later one after it');
    expect(parse('2024.1..2025.1..2026.1')).toMatchObject({ kind: 'wrong', expected: 'RELEASE or A..B' });
  });

  it.each([
    ['2025', 'perhaps 2025.1 or 2025.2'],
    ['24', 'perhaps 2024.1 or 2024.2'],
    ['epox', 'perhaps 2025.1'],
    ['2026.1x', 'perhaps 2026.1'],
    ['2023.1', 'the oldest release of the table is 2024.1'],
    ['2031.1', 'the newest release of the table is 2026.2; docs/services.md says how to add one'],
    ['latest', 'the newest release of the table is 2026.2'],
    ['zed', 'the newest release of the table is 2026.2'],
    ['', 'the newest release of the table is 2026.2'],
    ['2025.1..', 'the newest release of the table is 2026.2'],
  ])('%j: %s', (text, expected) => {
    expect(advice(text)).toBe(expected);
    expect(parse(text)).toMatchObject({ kind: 'wrong', expected: `one of ${RELEASES.join(', ')}` });
  });
});
