import { expect, it } from 'vitest';
import { resultsMarkdown } from '../../../../scripts/bench/results/markdown.ts';
import { shardRows } from '../../../../scripts/bench/results/shard-rows.ts';
import { terminalText } from '../../../../scripts/bench/results/terminal.ts';
import { engine } from './samples.ts';

const SECONDS = { whole: [3, 8, 4], shards: [2, 2, 4] };
const SHARDS = { images: 10_000, date: '2026-11-28', repeat: 3, load: 0.5, seconds: SECONDS };

it('gives the medians of the rounds, and the ratio round by round', () => {
  expect(shardRows(SECONDS).slice(1)).toEqual([
    ['one process', '4.00', '1'],
    ['two shards, a process of one lane each', '2.00', '1.50 (1.00–4.00)'],
  ]);
});

it('is a section of the written results and of what the terminal shows, where it was measured', () => {
  const found = engine('MariaDB 10', { shards: SHARDS });
  const written = resultsMarkdown({ version: 1, engines: { mariadb: found } });
  expect(written).toContain('### Shards\n\nOne migration of 10,000 images');
  expect(written).toContain('| one process | 4.00 | 1 |');
  expect(terminalText(found)).toContain('Shards, on 10,000 images; medians of 3; load average before the start 0.5.');
  expect(resultsMarkdown({ version: 1, engines: { mariadb: engine('MariaDB 10') } })).not.toContain('Shards');
});
