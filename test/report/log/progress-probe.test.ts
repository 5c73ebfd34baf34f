import { expect, it } from 'vitest';

import { stage } from '../support/log-stage.ts';

it('says how many images were looked into, and how fast, while a page of rows takes its time', () => {
  const { progress, written, advance } = stage({ columns: () => 100 });
  progress({ kind: 'phase', phase: 'plan', total: 4_000 });
  for (const images of [1, 20, 40]) {
    advance(1_000);
    progress({ kind: 'probe', images });
  }
  progress({ kind: 'progress', done: 2_000 });
  advance(3_000);
  progress({ kind: 'probe', images: 100 });
  progress({ kind: 'progress', done: 4_000 });
  progress.done();
  expect(written.slice(1, 4).map((text) => text.trimEnd())).toEqual([
    '\rplan  0 / 4,000  0.0 %  1 looked into',
    '\rplan  0 / 4,000  0.0 %  20 looked into  19 images/s',
    '\rplan  0 / 4,000  0.0 %  40 looked into  20 images/s',
  ]);
  expect(written.at(-2)).toMatch(/4,000 \/ 4,000 .* 100 looked into/u);
});
