import { readFileSync } from 'node:fs';
import { WORDS } from './crafted-images.ts';

/** The services of the tables beside this file: a service of config/services.yaml, and for Nova a backend. */
export const RECORDED_SERVICES = [
  { file: 'nova', service: 'nova', backend: 'qcow2' },
  { file: 'nova-flat', service: 'nova', backend: 'flat' },
  { file: 'glance', service: 'glance', backend: 'qcow2' },
  { file: 'glance-conversion', service: 'glance-conversion', backend: 'qcow2' },
  { file: 'cinder', service: 'cinder', backend: 'qcow2' },
  { file: 'ironic', service: 'ironic', backend: 'qcow2' },
  { file: 'ironic-agent', service: 'ironic-agent', backend: 'qcow2' },
] as const;

export type RecordedService = (typeof RECORDED_SERVICES)[number];

/** What a real program did with the crafted images: by release, by image, the words under which it accepted it. */
export type Recording = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

/** The verdicts of one service. @throws Error where a word is none of `WORDS`. */
export function readRecording(file: RecordedService['file']): Recording {
  return new Map(
    [...readCells(file)].map(([release, images]) => [
      release,
      new Map([...images].map(([image, cell]) => [image, wordsOf(cell)])),
    ]),
  );
}

function wordsOf(cell: string): ReadonlySet<string> {
  if (cell === '-') return new Set();
  const words = cell === '*' ? WORDS : cell.split(' ');
  for (const word of words) if (!(WORDS as readonly string[]).includes(word)) throw new Error(`no such word: ${word}`);
  return new Set(words);
}

/** The cells of a table by release and image. `=` repeats the cell before. @throws Error where a line is too short. */
export function readCells(file: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const text = readFileSync(new URL(`recorded/${file}.tsv`, import.meta.url), 'utf8');
  const [head, ...rows] = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const releases = (head ?? '').split('\t').slice(1);
  const table = new Map(releases.map((release) => [release, new Map<string, string>()]));
  for (const row of rows) {
    const [image = '', ...cells] = row.split('\t');
    if (cells.length !== releases.length) throw new Error(`${file}.tsv: ${row}`);
    let value = '';
    for (const [index, cell] of cells.entries()) {
      if (cell !== '=') value = cell;
      table.get(releases[index] ?? '')?.set(image, value);
    }
  }
  return table;
}
