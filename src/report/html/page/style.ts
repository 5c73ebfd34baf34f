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

function paletteRules(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour};`)
    .join('');
}

/** Paper has the light theme, whatever the screen has: dark is for screens alone. */
const THEMES = `
:root{color-scheme:light;${paletteRules(LIGHT)}}
@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${paletteRules(DARK)}}}
@media screen{:root[data-theme=dark]{color-scheme:dark;${paletteRules(DARK)}}}`;

const RULES = `
*,::before,::after{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:-99rem;top:0;padding:.5rem 1rem;background:var(--panel);z-index:2}
.skip:focus{left:0}
.top{display:flex;gap:1rem;align-items:center;padding:.6rem clamp(1rem,3vw,2rem);background:var(--panel);border-bottom:1px solid var(--line)}
.top p{margin:0;color:var(--muted);min-width:0}
.top p b{color:var(--ink)}
.top button{margin-left:auto;flex:none}
button,.button{font:inherit;color:var(--ink);background:var(--sunk);border:1px solid var(--line);border-radius:6px;padding:.25rem .7rem;cursor:pointer}
.page{display:grid;grid-template-columns:11.5rem minmax(0,1fr);gap:2rem;max-width:1320px;margin:0 auto;padding:1.25rem clamp(1rem,3vw,2rem) 3rem}
.contents{position:sticky;top:1rem;align-self:start;font-size:.92rem;max-height:calc(100vh - 2rem);overflow:auto}
.contents ol{list-style:none;margin:0;padding:0;border-left:2px solid var(--line)}
.contents a{display:flex;justify-content:space-between;gap:.5rem;padding:.22rem .2rem .22rem .8rem;color:var(--ink);text-decoration:none}
.contents a:hover{color:var(--accent);background:var(--sunk)}
.contents .badge{color:var(--muted);font-size:.85em}
main{min-width:0}
@media(max-width:980px){.page{grid-template-columns:minmax(0,1fr);gap:.75rem;padding-top:.6rem}.contents{position:static;max-height:none}.contents h2{display:none}.contents ol{display:flex;border:0;gap:0 1rem;white-space:nowrap}.contents a{padding:.3rem 0}}
@media(max-width:560px){body{font-size:14px}.top{flex-wrap:wrap;row-gap:.3rem}}
@media(scripting:none){#theme{display:none}}
@media(prefers-reduced-motion:reduce){*{transition:none!important;animation:none!important}}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.verdict{background:var(--panel);border:1px solid var(--line);border-left:6px solid var(--muted);border-radius:8px;padding:1.1rem 1.4rem 1.3rem}
.verdict.good{border-left-color:var(--good)}.verdict.warn{border-left-color:var(--warn)}.verdict.bad{border-left-color:var(--bad)}
.verdict h1{margin:0;font-size:clamp(1.25rem,2.4vw,1.6rem);line-height:1.25;letter-spacing:-.01em}
.unwritten{margin:.4rem 0 0;font-weight:650}
.verdict .notes{margin:.5rem 0 0;padding:0;list-style:none;color:var(--muted)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(11rem,40%),1fr));gap:.75rem;margin:1rem 0 0}
.tile{background:var(--sunk);border-radius:6px;padding:.7rem .9rem;border-top:3px solid var(--line);display:flex;flex-direction:column}
.tile.good{border-top-color:var(--good)}.tile.warn{border-top-color:var(--warn);background:var(--warn-ground)}.tile.bad{border-top-color:var(--bad);background:var(--bad-ground)}
.tile dt{color:var(--ink);font-size:.88rem;font-weight:600}
.tile dd{margin:0}
.tile .figure{font-size:clamp(1.15rem,5vw,1.7rem);line-height:1.25;font-weight:650}
.tile .figure a{color:inherit;text-decoration-thickness:1px;text-underline-offset:.2em;text-decoration-color:var(--muted)}
.tile .note{color:var(--muted);font-size:.85rem;line-height:1.4}
.tile.warn .note,.tile.bad .note{color:var(--ink)}
.next{margin:1rem 0 0}
.next h2{margin:0 0 .35rem;font-size:.95rem}
.command{margin:.35rem 0 0;padding:.5rem .8rem;background:var(--sunk);border:1px solid var(--line);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.86rem}
.command code{user-select:all;-webkit-user-select:all;font-size:inherit}
.command .remark{color:var(--muted);font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main>section:not(.verdict){margin-top:1.75rem;padding-top:.25rem}
h2{font-size:1.22rem;line-height:1.3;margin:0 0 .5rem;letter-spacing:-.005em}
h3{font-size:1rem;margin:1.25rem 0 .35rem}
p{margin:.4rem 0;max-width:76ch}
.lead{color:var(--muted)}
code,.id,.word{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.88em;display:inline-block;max-width:100%;overflow-wrap:anywhere}
code[tabindex]{display:inline}
:is(td,th) :is(code,.word),.unbroken,time{white-space:nowrap}
:is(td,th) .long{white-space:normal;display:inline-block;min-width:14em}
td .signed,td .why{min-width:11em}
.panel{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:.9rem 1.1rem}
.scroll{position:relative;overflow-x:auto}
table{border-collapse:collapse;width:100%;background:var(--panel);font-size:.92rem;margin:.5rem 0}
caption{text-align:left;color:var(--muted);padding:0 0 .35rem;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.32rem .7rem;border-bottom:1px solid var(--line)}
thead th{background:var(--sunk);font-weight:600;white-space:nowrap;font-size:.88rem}
tbody th{font-weight:500}
.number{text-align:right;white-space:nowrap}
.tone{font-weight:600;white-space:nowrap}
h3 .tone{white-space:normal}
.tone.good{color:var(--good)}.tone.warn{color:var(--warn)}.tone.bad{color:var(--bad)}.tone.dim{color:var(--muted);font-weight:500}
.muted{color:var(--muted)}
ul.plain{margin:.4rem 0;padding-left:1.1rem}
details{margin:.5rem 0}
summary{cursor:pointer;color:var(--accent);padding:.15rem 0}
.question,.finding{margin:.75rem 0;break-inside:avoid}
.question bdi{display:inline-block;max-width:100%}
.question{margin:.4rem 0;padding:.45rem .9rem}
.question>summary{color:var(--ink)}
.question>summary h3{display:inline-flex;max-width:calc(100% - 1.5rem);vertical-align:top}
.flows>.flow-every,#flow-all:checked~.flow-payload{display:none}
#flow-all:checked~.flow-every{display:block}
.question h3,.finding h3,.finding h4{margin:0 0 .3rem;display:flex;flex-wrap:wrap;gap:.1rem .7rem;align-items:baseline}
.question .count,.finding .count{font-weight:500;color:var(--muted)}
.facts{display:grid;grid-template-columns:8.5rem minmax(0,1fr);gap:.22rem .9rem;margin:.3rem 0 0;font-size:.93rem}
.facts dt{color:var(--muted)}.facts dd{margin:0;min-width:0}
.ranked{display:flex;flex-wrap:wrap;gap:.1rem 1.4rem;list-style-position:inside}.facts .ranked{padding:0}
.facts ul,.facts ol{margin:0;padding-left:1.15rem}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr));gap:1rem}
.pair h3{margin-top:0}
.changed{background:var(--warn-ground);font-weight:650}
footer{color:var(--muted);font-size:.88rem;margin-top:2rem;border-top:1px solid var(--line);padding-top:.75rem}
@media(max-width:560px){.facts{grid-template-columns:minmax(0,1fr);gap:0;font-size:.85rem}.facts dd{margin-bottom:.35rem}th,td{padding:.3rem .4rem}.verdict{padding:.9rem 1rem}.panel{padding:.75rem .8rem}}`;

/** Image types and what has none: classes of the flow picture. */
const FILLS = ['kernel', 'ramdisk', 'filesystem', 'iso9660', 'disk', 'other', 'undecided', 'not-applicable', 'tuple'];
const STATUS_FILLS = ['exact', 'inferred', 'ambiguous', 'unmappable', 'not-applicable'];

/** Rules of the pictures. Colours come by class, so that a picture follows the theme. */
const CHART_RULES = `
.flow{display:block;width:100%;min-width:760px;height:auto;font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
.flow text{fill:var(--ink);dominant-baseline:central}
.flow .word{font-size:12px}
.flow .count{fill:var(--muted);font-variant-numeric:tabular-nums}
.flow path{fill:none;stroke-opacity:.38}
.flow path:hover{stroke-opacity:.75}
.flow .head{fill:var(--muted);font-weight:600}
${FILLS.map((name) => `.flow rect.${name}{fill:var(--${name})}.flow path.${name}{stroke:var(--${name})}`).join('')}
.flow path.undecided{stroke-opacity:.75}
.flow text.open{fill:var(--warn);font-weight:650}
.bar{display:block;width:100%;height:34px;border-radius:5px;overflow:hidden}
.bar text{fill:var(--on-fill);font:600 12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;dominant-baseline:central}
${STATUS_FILLS.map((name) => `.bar .${name},.swatch .${name}{fill:var(--${name})}`).join('')}
.bar .cut{stroke:var(--ground);stroke-width:2}
.swatch{width:.8rem;height:.8rem;border-radius:2px;margin-right:.45rem;vertical-align:-.08em}`;

/** Rules for paper: white, nothing sticky, no heading alone at the end of a page, everything unfolded. */
const PRINT_RULES = `
@page{margin:14mm}
@media print{
body{background:#fff;font-size:10pt}
.page{display:block;max-width:none;padding:0}
.top{padding:0 0 .5rem;background:none}
.contents,.skip,#theme,.screen{display:none}
.verdict,.panel{border-color:#999}
.scroll{overflow:visible}
.flow{min-width:0}
table{font-size:8.5pt}
th,td{padding:.2rem .4rem}
thead th{white-space:normal}
.tiles{grid-template-columns:repeat(4,1fr)}
h2,h3,h4,caption,thead{break-after:avoid}
tr,.tile,.question,.finding,.verdict,svg{break-inside:avoid}
thead{display:table-header-group}
.command{white-space:pre-wrap}
details.paper::details-content{content-visibility:visible;display:block;height:auto}
a{color:inherit;text-decoration:none}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}`;

/**
 * All style rules of the page, those for the table of images last.
 *
 * @throws Error where a rule would end the style element.
 */
export function pageStyle(extra: string): string {
  const rules = `${THEMES}${RULES}${CHART_RULES}${PRINT_RULES}${extra}`;
  if (/<\/style/i.test(rules)) throw new Error('a style rule ends the style element');
  return rules;
}
