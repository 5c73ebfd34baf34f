/** Image types and what has none: classes of the flow picture. */
const FILLS = ['kernel', 'ramdisk', 'filesystem', 'iso9660', 'disk', 'other', 'undecided', 'not-applicable', 'tuple'];
/** Classes of the bar of shares. */
const STATUS_FILLS = ['exact', 'inferred', 'ambiguous', 'unmappable', 'not-applicable'];

/** Rules of the pictures. Colours come by class, so that a picture follows the theme. */
export const CHART_RULES = `
.flow{display:block;width:100%;min-width:760px;height:auto;font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
.flow text{fill:var(--ink);dominant-baseline:central}
.flow .word{font-size:12px}
.flow .count{fill:var(--muted);font-variant-numeric:tabular-nums}
.flow path{fill:none;stroke-opacity:.38}
.flow path:hover{stroke-opacity:.75}
.flow .head{fill:var(--muted);font-weight:600}
${FILLS.map((name) => `.flow rect.${name}{fill:var(--${name})}.flow path.${name}{stroke:var(--${name})}`).join('')}
.flow path.undecided{stroke-dasharray:none;stroke-opacity:.5}
.bar{display:block;width:100%;height:34px;border-radius:5px;overflow:hidden}
.bar text{fill:var(--on-fill);font:600 12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;dominant-baseline:central}
${STATUS_FILLS.map((name) => `.bar .${name},.swatch .${name}{fill:var(--${name})}`).join('')}
.bar .cut{stroke:var(--ground);stroke-width:2}
.swatch{width:.8rem;height:.8rem;border-radius:2px;margin-right:.45rem;vertical-align:-.08em}`;
