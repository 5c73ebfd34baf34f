import { describe, expect, test } from 'vitest';
import { DARK, LIGHT, pageStyle, type Palette } from '../../../../src/report/html/page/style.ts';

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(colour: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = channels.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
}

type Name = keyof Palette;

/** Text and the grounds that it stands on. */
const TEXTS: readonly (readonly [Name, readonly Name[]])[] = [
  ['ink', ['ground', 'panel', 'sunk', 'good-ground', 'warn-ground', 'bad-ground']],
  ['muted', ['ground', 'panel', 'sunk']],
  ['accent', ['ground', 'panel', 'sunk']],
  ['good', ['ground', 'panel', 'good-ground']],
  ['warn', ['ground', 'panel', 'warn-ground']],
  ['bad', ['ground', 'panel', 'bad-ground']],
  ['on-fill', ['exact', 'ambiguous', 'unmappable', 'inferred', 'not-applicable']],
];
/** Marks, beside the panel or the page they stand on. */
const MARKS: readonly Name[] = [
  ...(['kernel', 'ramdisk', 'filesystem', 'iso9660', 'disk', 'other', 'undecided', 'not-applicable', 'tuple'] as const),
  ...(['exact', 'inferred', 'ambiguous', 'unmappable', 'accent'] as const),
];

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('the %s theme', (_, palette) => {
  test.each(TEXTS.flatMap(([text, grounds]) => grounds.map((ground) => [text, ground] as const)))(
    'text %s on %s has 4.5:1',
    (text, ground) => {
      expect(contrast(palette[text], palette[ground])).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(MARKS)('the mark %s has 3:1', (mark) => {
    expect(contrast(palette[mark], palette.panel)).toBeGreaterThanOrEqual(3);
    expect(contrast(palette[mark], palette.ground)).toBeGreaterThanOrEqual(3);
  });
});

test('black on white has 21:1', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
});

test('every colour that a rule uses is a colour of both themes', () => {
  const used = [...pageStyle('').matchAll(/var\(--([\w-]+)\)/g)].map(([, name]) => name ?? '');
  expect(used.length).toBeGreaterThan(50);
  for (const name of used) expect([name, name in LIGHT, name in DARK]).toEqual([name, true, true]);
});

test('rules of others come last; one that ends the element is refused', () => {
  expect(pageStyle('.mine{color:red}').endsWith('.mine{color:red}')).toBe(true);
  expect(() => pageStyle('</STYLE >')).toThrow('a style rule ends the style element');
});
