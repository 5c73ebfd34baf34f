import { describe, expect, it } from 'vitest';
import { neighbourSvg } from '../../../../scripts/bench/results/neighbour-svg.ts';
import { mergeResults, NO_RESULTS } from '../../../../scripts/bench/results/results.ts';
import { ratiosSvg } from '../../../../scripts/bench/results/svg.ts';
import { engine, figures, size, waits } from './samples.ts';

const NEIGHBOUR = {
  images: 7_000,
  date: '2026-11-28',
  repeat: 3,
  load: 0.1,
  waits: { idle: [waits(1, 2, 30)], 'update-all': [waits(100, 2_000, 9_000)] },
};
const results = mergeResults(
  mergeResults(NO_RESULTS, 'sqlite', engine('SQLite <3>')),
  'mariadb',
  engine('MariaDB 10', { neighbour: NEIGHBOUR }),
);

describe.each([
  ['ratios', ratiosSvg],
  ['neighbour', neighbourSvg],
])('the plot of %s', (_, draw) => {
  it.each([
    ['two engines', results],
    ['nothing', NO_RESULTS],
  ])('of %s is a well-formed document of its own', (_name, drawn) => {
    const svg = draw(drawn);
    expect(unbalanced(svg)).toEqual([]);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox=/u);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/u);
    // Nothing is fetched, and nothing runs.
    expect(svg).not.toMatch(/href|url\(|@import|<script|<foreignObject/u);
  });

  it('has colours for light and for dark, with its own background', () => {
    expect(draw(results)).toContain('prefers-color-scheme: dark');
    expect(draw(results)).toContain('class="paper"');
  });
});

describe('the plot of ratios', () => {
  it('has a panel for each engine, named with harmless text, and a mark for each size', () => {
    const svg = ratiosSvg(results);
    expect(svg).toContain('>MariaDB 10<');
    expect(svg).toContain('>SQLite &lt;3&gt;<');
    expect(svg.match(/>1 M</gu)).toHaveLength(2);
    expect(marks(svg, 'a')).toHaveLength(1 + 2 * 2);
  });

  it('always shows the line of equal speed', () => {
    const sizes = [size(1, { figures: { 'update-all': figures([50]), 'migrate-columns': figures([1]) } })];
    expect(ratiosSvg(mergeResults(NO_RESULTS, 'mariadb', engine('MariaDB 10', { sizes })))).toContain('class="one"');
  });

  it('places a faster product higher', () => {
    const sizes = [
      size(1, { figures: { 'update-all': figures([1]), 'migrate-columns': figures([4]) } }),
      size(2, { figures: { 'update-all': figures([4]), 'migrate-columns': figures([1]) } }),
    ];
    const svg = ratiosSvg(mergeResults(NO_RESULTS, 'mariadb', engine('MariaDB 10', { sizes })));
    const [, slow = 0, fast = 0] = marks(svg, 'a').map((mark) => Number(/cy="([\d.]+)"/u.exec(mark)?.[1]));
    const one = Number(/class="one"[^>]* y1="([\d.]+)"/u.exec(svg)?.[1]);
    expect(slow).toBeGreaterThan(one);
    expect(fast).toBeLessThan(one);
    expect(slow - one).toBeCloseTo(one - fast, 1);
  });
});

describe('the plot of the neighbour', () => {
  it('has three marks for each situation and writes the worst wait', () => {
    const svg = neighbourSvg(results);
    expect(svg).toContain('>30 ms<');
    expect(svg).toContain('>9 s<');
    expect(svg.match(/<circle/gu)).toHaveLength(6);
  });
});

function marks(svg: string, colour: string): readonly string[] {
  return svg.split('\n').filter((line) => line.startsWith(`<circle class="${colour} mark"`));
}

/** Tags that are not closed, or closed without having been opened. */
function unbalanced(svg: string): readonly string[] {
  const open: string[] = [];
  for (const [, closing, name = '', self] of svg.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/giu)) {
    if (self === '/') continue;
    if (closing !== '/') open.push(name);
    else if (open.pop() !== name) return [name];
  }
  return open;
}
