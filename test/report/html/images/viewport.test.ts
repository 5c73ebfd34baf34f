import { describe, expect, it } from 'vitest';

import { scrollTopFor, viewport } from '../../../../src/report/html/images/viewport.ts';

const rowHeight = 30;
const seenHeight = 600;

describe.each([0, 1, 19, 20, 1_000, 400_000, 400_001, 1_000_000])('%i rows', (rows) => {
  const most = (height: number) => Math.max(0, height - seenHeight);

  it('any row can be brought into sight, and stands where it is drawn', () => {
    for (const place of [0, 1, Math.floor(rows / 3), rows - 2, rows - 1].filter(
      (candidate) => candidate >= 0 && candidate < rows,
    )) {
      for (const from of [0, 0.5, 1]) {
        const before = { rows, rowHeight, scrollTop: 0, seenHeight };
        const start = from * most(viewport(before).height);
        const scrollTop = Math.min(scrollTopFor(place, { ...before, scrollTop: start }), most(viewport(before).height));
        const view = viewport({ ...before, scrollTop });
        expect(view.first).toBeLessThanOrEqual(place);
        expect(view.end).toBeGreaterThan(place);
        expect(view.top(place)).toBeGreaterThanOrEqual(scrollTop - 0.01);
        expect(view.top(place) + rowHeight).toBeLessThanOrEqual(scrollTop + seenHeight + 0.01);
      }
    }
  });

  it('draws no more than what is seen and a little beyond, and stays below what a browser can lay out', () => {
    const { height } = viewport({ rows, rowHeight, scrollTop: 0, seenHeight });
    expect(height).toBeLessThanOrEqual(12_000_000);
    for (const part of [0, 0.25, 1]) {
      const view = viewport({ rows, rowHeight, scrollTop: part * most(height), seenHeight });
      expect(view.end - view.first).toBeLessThanOrEqual(40);
      expect(view.end).toBeLessThanOrEqual(rows);
    }
  });

  it('the end of the scroll bar is the last row', () => {
    const { height } = viewport({ rows, rowHeight, scrollTop: 0, seenHeight });
    expect(viewport({ rows, rowHeight, scrollTop: most(height), seenHeight }).end).toBe(rows);
  });
});

it('a row in sight is not scrolled to', () => {
  expect(scrollTopFor(5, { rows: 100, rowHeight, scrollTop: 10, seenHeight })).toBe(10);
});
