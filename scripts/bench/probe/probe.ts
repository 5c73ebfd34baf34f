import { grouped, textTable } from '../figures.ts';
import { type ProbeFigures, probeFigures } from './figures.ts';
import type { Measured, Spread } from './rounds.ts';

/** Measures `probe` and puts the figures into a table for a person. */
export async function measureProbe(repeat: number, onStep: (text: string) => void): Promise<string> {
  return probeTable(await probeFigures(repeat, onStep));
}

function probeTable({ rounds, local, http }: ProbeFigures): string {
  const { probe, qemuImg, blkid } = local;
  const { adaptive, jobs1, jobs8, jobs64 } = http;
  const medians = `whole processes, start-up counted; medians of ${String(rounds)} rounds`;
  return [
    `${grouped(probe.images)} local images in the page cache; ${medians}.`,
    `The other programs judged ${grouped(qemuImg.images)} of them.`,
    '',
    ratesTable(probe, [
      ['probe, one process', probe],
      ['qemu-img info, one by one', qemuImg],
      ['blkid -p, one by one', blkid],
    ]),
    '',
    spreadTable(local),
    '',
    `${grouped(adaptive.images)} images over HTTP, ${String(http.latencyMs)} ms before every answer; ${medians}.`,
    `--jobs 1 judged ${grouped(jobs1.images)} of them.`,
    '',
    ratesTable(adaptive, [
      ['probe, adaptive', adaptive],
      ['probe --jobs 1', jobs1],
      ['probe --jobs 8', jobs8],
      ['probe --jobs 64', jobs64],
    ]),
    '',
    spreadTable(http),
  ].join('\n');
}

function ratesTable(product: Measured, rows: readonly (readonly [string, Measured])[]): string {
  return textTable([
    ['judged', 'images/s', 'the first is faster by', 'MiB at most'],
    ...rows.map(([label, { imagesPerSecond, peakMib }]) => [
      label,
      grouped(imagesPerSecond),
      (product.imagesPerSecond / imagesPerSecond).toFixed(1),
      grouped(peakMib),
    ]),
  ]);
}

function spreadTable({ bytes, requests }: { readonly bytes: Spread; readonly requests: Spread }): string {
  const row = (label: string, { median, ninetyPercent, most }: Spread): readonly string[] => [
    label,
    ...[median, ninetyPercent, most].map(grouped),
  ];
  return textTable([
    ['probe, an image', 'median', '90 %', 'most'],
    row('bytes read', bytes),
    row('requests', requests),
  ]);
}
