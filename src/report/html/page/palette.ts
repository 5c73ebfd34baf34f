/**
 * The colours of the page: name, light theme, dark theme. `ink` becomes the custom property `--ink`. Text keeps a
 * contrast of 4.5:1 on every ground it is used on, marks 3:1. Fills differ in lightness as well as in hue, and a label
 * always repeats what they mean.
 */
const COLOURS = {
  // Behind everything, behind panels, behind heads of tables and code.
  ground: ['#f4f6f8', '#0f1419'],
  panel: ['#ffffff', '#171d25'],
  sunk: ['#eef1f5', '#202833'],
  line: ['#d3dae3', '#323d4a'],
  ink: ['#18212d', '#e4e9f0'],
  muted: ['#526072', '#a0adbc'],
  accent: ['#0b5cad', '#77b7ff'],
  good: ['#146c43', '#66d19a'],
  warn: ['#855300', '#f0bb57'],
  bad: ['#b3261e', '#ff9488'],
  'good-ground': ['#e7f5ed', '#12291f'],
  'warn-ground': ['#fdf3dd', '#2e2411'],
  'bad-ground': ['#fdeceb', '#341a19'],
  // Fills of the pictures, by image type.
  kernel: ['#c2541a', '#ef8b52'],
  ramdisk: ['#a8447f', '#dc8fc0'],
  filesystem: ['#00795c', '#3fc59b'],
  iso9660: ['#6d4fb3', '#b59cf2'],
  disk: ['#0a6ab0', '#56a8e8'],
  other: ['#80603d', '#cda67c'],
  undecided: ['#b27a00', '#e6b63e'],
  'not-applicable': ['#66707e', '#75818f'],
  tuple: ['#4a5666', '#b4c0ce'],
  // Fills by status; text on them is `on-fill`.
  exact: ['#0a4f86', '#8cc8ff'],
  inferred: ['#2474b3', '#4f9fdd'],
  ambiguous: ['#9a6700', '#e3b23c'],
  unmappable: ['#b3432a', '#f08a6c'],
  'on-fill': ['#ffffff', '#0f1419'],
} as const;

export type Palette = Readonly<Record<keyof typeof COLOURS, string>>;

export const LIGHT: Palette = theme(0);
export const DARK: Palette = theme(1);

function theme(column: 0 | 1): Palette {
  return Object.fromEntries(Object.entries(COLOURS).map(([name, colours]) => [name, colours[column]])) as Palette;
}

export function paletteRules(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour};`)
    .join('');
}
