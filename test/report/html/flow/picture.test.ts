import { expect, it } from 'vitest';

import { flowGraph } from '../../../../src/report/html/flow/graph.ts';
import { flowPicture } from '../../../../src/report/html/flow/picture.ts';
import { ambiguous, decided, row, summaryOf } from '../../made-images.ts';
import { textOf } from '../made-report.ts';

const svg = flowPicture(
  flowGraph(
    summaryOf([
      [row({}), decided(), 1_000_000 / 1000],
      [row({ diskFormat: 'raw<' }), ambiguous(), 1],
    ]),
  ),
).toString();

it('has a rectangle for each node and a band for each link, named for a screen reader', () => {
  expect(svg.split('<rect')).toHaveLength(5);
  expect(svg.split('<path')).toHaveLength(3);
  const text = textOf(svg);
  expect(text).toContain('qcow2 / bare → disk/qcow2: 1,000 images');
  expect(text).toContain(
    'The biggest streams: qcow2 / bare to disk/qcow2, 1,000 images; raw< / bare to undecided, 1 image.',
  );
});

it('one image among a thousand can still be seen, and no word is markup', () => {
  const widths = Array.from(svg.matchAll(/stroke-width="([\d.]+)"/g), ([, width]) => Number(width));
  expect(Math.min(...widths)).toBeGreaterThanOrEqual(1.2);
  expect(svg).not.toMatch(/raw<|style=|NaN/);
});
