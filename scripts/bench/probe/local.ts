import { CLI } from '../measure.ts';
import { type Measured, measureRounds, readCosts, type Spread, spreadOf } from './rounds.ts';

/** `probe` over files of the local disk, which lie in the page cache, beside the programs that know images. */
export interface LocalFigures {
  readonly probe: Measured;
  /** Over every so many of the same files, one process an image. */
  readonly qemuImg: Measured;
  readonly blkid: Measured;
  readonly bytes: Spread;
  readonly requests: Spread;
}

/** Files that the programs are started for which look at one image at a time: a few minutes for all would say nothing more. */
const SAMPLE = 400;

/** A shell that starts a program for every file, one after another, as scripts do; blkid ends with 2 where it finds nothing. */
const ONE_BY_ONE =
  'program=$1; option=$2; shift 2; for file; do "$program" "$option" "$file" >/dev/null || [ $? = 2 ]; done';

export async function measureLocal(
  files: readonly string[],
  repeat: number,
  onStep: (text: string) => void,
): Promise<LocalFigures> {
  const sample = files.slice(0, SAMPLE);
  const probe = [process.execPath, CLI, 'probe', '--json', ...files] as const;
  const oneByOne = (program: string, option: string): readonly [string, ...string[]] => [
    ...(['sh', '-c', ONE_BY_ONE, 'sh', program, option] as const),
    ...sample,
  ];
  const costs = readCosts(probe, files.length);
  // The round that does not count fills the page cache.
  const measured = await measureRounds(
    {
      probe: { command: probe, images: files.length },
      qemuImg: { command: oneByOne('qemu-img', 'info'), images: sample.length },
      blkid: { command: oneByOne('/usr/sbin/blkid', '-p'), images: sample.length },
    },
    { repeat, warmUp: 1, onStep },
  );
  return {
    ...measured,
    bytes: spreadOf(costs.map((cost) => cost.bytes)),
    requests: spreadOf(costs.map((cost) => cost.requests)),
  };
}
