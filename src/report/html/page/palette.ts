/**
 * The colours of the page, for both themes. Each becomes a custom property of its name: `ink` is `--ink`. Text colours keep 4.5:1 on every ground
 * they stand on, marks 3:1; the fills of types and statuses differ in lightness as well as in hue, and never speak alone.
 */
export interface Palette {
  /** Behind everything, behind panels, behind heads of tables and code. */
  readonly ground: string;
  readonly panel: string;
  readonly sunk: string;
  readonly line: string;
  readonly ink: string;
  readonly muted: string;
  readonly accent: string;
  readonly good: string;
  readonly warn: string;
  readonly bad: string;
  readonly 'good-ground': string;
  readonly 'warn-ground': string;
  readonly 'bad-ground': string;
  /** Fills of the pictures, by image type. */
  readonly kernel: string;
  readonly ramdisk: string;
  readonly filesystem: string;
  readonly iso9660: string;
  readonly disk: string;
  readonly other: string;
  /** And by what has no type. */
  readonly undecided: string;
  readonly 'not-applicable': string;
  readonly tuple: string;
  /** Fills by status; text on them is `on-fill`. */
  readonly exact: string;
  readonly inferred: string;
  readonly ambiguous: string;
  readonly unmappable: string;
  readonly 'on-fill': string;
}

export const LIGHT: Palette = {
  ground: '#f4f6f8',
  panel: '#ffffff',
  sunk: '#eef1f5',
  line: '#d3dae3',
  ink: '#18212d',
  muted: '#526072',
  accent: '#0b5cad',
  good: '#146c43',
  warn: '#855300',
  bad: '#b3261e',
  'good-ground': '#e7f5ed',
  'warn-ground': '#fdf3dd',
  'bad-ground': '#fdeceb',
  kernel: '#c2541a',
  ramdisk: '#a8447f',
  filesystem: '#00795c',
  iso9660: '#6d4fb3',
  disk: '#0a6ab0',
  other: '#80603d',
  undecided: '#b27a00',
  'not-applicable': '#66707e',
  tuple: '#4a5666',
  exact: '#0a4f86',
  inferred: '#2474b3',
  ambiguous: '#9a6700',
  unmappable: '#b3432a',
  'on-fill': '#ffffff',
};

export const DARK: Palette = {
  ground: '#0f1419',
  panel: '#171d25',
  sunk: '#202833',
  line: '#323d4a',
  ink: '#e4e9f0',
  muted: '#a0adbc',
  accent: '#77b7ff',
  good: '#66d19a',
  warn: '#f0bb57',
  bad: '#ff9488',
  'good-ground': '#12291f',
  'warn-ground': '#2e2411',
  'bad-ground': '#341a19',
  kernel: '#ef8b52',
  ramdisk: '#dc8fc0',
  filesystem: '#3fc59b',
  iso9660: '#b59cf2',
  disk: '#56a8e8',
  other: '#cda67c',
  undecided: '#e6b63e',
  'not-applicable': '#75818f',
  tuple: '#b4c0ce',
  exact: '#8cc8ff',
  inferred: '#4f9fdd',
  ambiguous: '#e3b23c',
  unmappable: '#f08a6c',
  'on-fill': '#0f1419',
};

/** The custom properties of one theme. */
export function paletteRules(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour};`)
    .join('');
}
