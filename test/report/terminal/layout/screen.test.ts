import { describe, expect, it } from 'vitest';
import { renderScreen, tablePart, type ScreenPart } from '../../../../src/report/terminal/layout/screen.ts';
import { cut } from '../../../../src/report/terminal/layout/table.ts';

const PLAIN = { width: 80, colour: 'plain' } as const;

function part(fields: Partial<ScreenPart> & { readonly count: number }): ScreenPart {
  const rows = Array.from({ length: fields.count }, (_, index) => [`entry ${index + 1}`]);
  return { ...tablePart('Part', [cut('entry')], rows, { share: 1, rest: '--json plan.json' }), ...fields };
}

function screen(lines: number, ...parts: readonly ScreenPart[]): readonly string[] {
  return renderScreen('Head', parts, 'Foot', { ...PLAIN, lines }).split('\n');
}

describe('a screen', () => {
  it('shows everything where there is room, without a note', () => {
    expect(screen(24, part({ count: 2 }), part({ title: 'Other', hint: 'how', count: 1 }))).toEqual([
      'Head',
      'Part',
      '  entry 1',
      '  entry 2',
      'Other',
      '  how',
      '  entry 1',
      'Foot',
    ]);
  });

  it('leaves a line for the prompt, and says behind the title how many entries had no room', () => {
    expect(screen(6, part({ count: 30, beyond: 5 }))).toEqual([
      'Head',
      'Part  33 more: --json plan.json',
      '  entry 1',
      '  entry 2',
      'Foot',
    ]);
  });

  it('gives the room out by share, and what one section does not need to the others', () => {
    const shown = (...parts: readonly ScreenPart[]) =>
      screen(23, ...parts)
        .join('\n')
        .split('Part')
        .map((text) => (text.match(/entry/g) ?? []).length);
    expect(shown(part({ count: 99, share: 1 }), part({ count: 99, share: 3 }), part({ count: 99, share: 2 }))).toEqual([
      0, 3, 9, 5,
    ]);
    expect(shown(part({ count: 2, share: 3 }), part({ count: 99, share: 1 }))).toEqual([0, 2, 16]);
  });

  it('cuts no whole section, and drops the last of the others where not even the titles fit', () => {
    const whole = part({ title: 'Security', count: 9, share: 'whole' });
    expect(screen(13, part({ title: 'A', count: 4 }), whole, part({ title: 'B', count: 4 }))).toEqual([
      'Head',
      'Security',
      ...Array.from({ length: 9 }, (_, index) => `  entry ${index + 1}`),
      'Foot',
    ]);
    expect(screen(5, whole)).toHaveLength(12);
  });

  it('drops the last sections for the entries that a section must show, and asks for no more than it has', () => {
    const least = part({ title: 'A', count: 4, least: 2 });
    expect(screen(7, least, part({ title: 'B', count: 4 }), part({ title: 'C', count: 4 }))).toEqual([
      'Head',
      'A  2 more: --json plan.json',
      '  entry 1',
      '  entry 2',
      'B  4 more: --json plan.json',
      'Foot',
    ]);
    expect(screen(6, part({ title: 'A', count: 1, least: 2 }), part({ title: 'B', count: 4 }))).toEqual([
      'Head',
      'A',
      '  entry 1',
      'B  4 more: --json plan.json',
      'Foot',
    ]);
  });

  it('parts the sections by empty lines on a tall terminal only', () => {
    expect(screen(44, part({ count: 1 }))).toEqual(['Head', '', 'Part', '  entry 1', '', 'Foot']);
    expect(screen(43, part({ count: 1 }))).toEqual(['Head', 'Part', '  entry 1', 'Foot']);
  });

  it('counts a line that goes on in the next one as two', () => {
    const lines = renderScreen('x'.repeat(81), [part({ count: 9 })], 'Foot', { ...PLAIN, lines: 8 }).split('\n');
    expect(lines.filter((line) => line.startsWith('  entry'))).toHaveLength(3);
  });

  it('names the option alone where the name of a file would cut the title', () => {
    const [first] = renderScreen('', [part({ title: 'T'.repeat(30), count: 9 })], '', {
      width: 50,
      colour: 'plain',
      lines: 2,
    }).split('\n');
    expect(first).toBe(`${'T'.repeat(30)}  9 more: --json`);
  });
});
