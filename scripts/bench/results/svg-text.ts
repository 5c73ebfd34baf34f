/**
 * Colours of both plots, as classes. The background is their own and changes with the reader's choice of light or dark, so that
 * text is never dark on dark, wherever the picture is shown. No font is fetched.
 */
const STYLE = `
  .paper { fill: #ffffff; stroke: #d0d7de } .text { fill: #1f2328 } .dim { fill: #59636e } .grid { stroke: #d8dee4 }
  .one { stroke: #59636e; stroke-dasharray: 4 3 }
  .a { --c: #0969da } .b { --c: #8250df } .c { --c: #1a7f37 } .d { --c: #bc4c00 }
  .line { fill: none; stroke: var(--c); stroke-width: 2 } .mark { fill: var(--c) } .spread { stroke: var(--c); stroke-width: 1.2 }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117; stroke: #3d444d } .text { fill: #e6edf3 } .dim { fill: #9198a1 } .grid { stroke: #262c36 }
    .one { stroke: #9198a1 }
    .a { --c: #58a6ff } .b { --c: #bc8cff } .c { --c: #3fb950 } .d { --c: #f0883e }
  }`;

/** Letters of the classes that hold a colour each. */
export const COLOURS = ['a', 'b', 'c', 'd'] as const;
export type Colour = (typeof COLOURS)[number];

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** What the picture shows, for those who cannot see it. */
  readonly title: string;
  /** Elements, as SVG. */
  readonly body: readonly string[];
}

/** A whole SVG document. */
export function svgDocument({ width, height, title, body }: Picture): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${at(width)} ${at(height)}" width="${at(width)}" height="${at(height)}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" x="0.5" y="0.5" width="${at(width - 1)}" height="${at(height - 1)}" rx="6"/>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}

export interface Label {
  readonly x: number;
  readonly y: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly tone?: 'text' | 'dim';
  readonly weight?: 'normal' | 'bold';
}

export function label(text: string, { x, y, anchor = 'start', tone = 'text', weight = 'normal' }: Label): string {
  return `<text class="${tone}" x="${at(x)}" y="${at(y)}" text-anchor="${anchor}" font-weight="${weight}">${escaped(text)}</text>`;
}

export function line(kind: string, from: readonly [number, number], to: readonly [number, number]): string {
  return `<line class="${kind}" x1="${at(from[0])}" y1="${at(from[1])}" x2="${at(to[0])}" y2="${at(to[1])}"/>`;
}

export function dot(colour: Colour, x: number, y: number): string {
  return `<circle class="${colour} mark" cx="${at(x)}" cy="${at(y)}" r="3.5"/>`;
}

/** A coordinate: two decimals are more than anybody sees. */
export function at(value: number): string {
  return String(Number(value.toFixed(2)));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
