import { expect, it } from 'vitest';

import { createProgress } from '../../src/report/progress.ts';

it('says how many images were looked into, and how fast, while a page of rows takes its time', () => {
  const written: string[] = [];
  let clock = 1_000_000;
  const progress = createProgress({
    sink: { write: (text) => void written.push(text.trimEnd()) },
    columns: () => 100,
    now: () => clock,
    interactive: 'terminal',
  });
  progress({ kind: 'phase', phase: 'plan', total: 4_000 });
  for (const images of [1, 20, 40]) {
    clock += 1_000;
    progress({ kind: 'probe', images });
  }
  progress({ kind: 'progress', done: 2_000 });
  clock += 3_000;
  progress({ kind: 'probe', images: 100 });
  progress({ kind: 'progress', done: 4_000 });
  progress.done();
  expect(written.slice(1, 4)).toEqual([
    '\rplan  0 / 4,000  0.0 %  1 looked into',
    '\rplan  0 / 4,000  0.0 %  20 looked into  19 images/s',
    '\rplan  0 / 4,000  0.0 %  40 looked into  19 images/s',
  ]);
  expect(written.at(-2)).toMatch(/4,000 \/ 4,000 .* 100 looked into/u);
});
