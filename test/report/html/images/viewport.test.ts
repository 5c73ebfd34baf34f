import { describe, expect, it } from 'vitest';

import { explainCommand } from '../../../../src/report/html/images/command.ts';
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

describe('explain command', () => {
  it.each([
    ['4f7a-9', 'glance-retype explain 4f7a-9'],
    ['12', 'glance-retype explain 12'],
    ['a b', "glance-retype explain 'a b'"],
    ["it's; rm -rf $HOME", "glance-retype explain 'it'\\''s; rm -rf $HOME'"],
  ])('%s', (id, command) => {
    expect(explainCommand(id)).toBe(command);
  });

  it.each(['', '-x', '--help', 'a\\x1bb', 'x'.repeat(256)])('none for an id that cannot be typed: %s', (id) => {
    expect(explainCommand(id)).toBeNull();
  });
});
