import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { buildCorpus, CACHE } from '../../corpus/build.ts';
import { grouped } from '../figures.ts';
import { type HttpFigures, measureHttp } from './http.ts';
import { type LocalFigures, measureLocal } from './local.ts';
import { makeStore, MIX } from './store.ts';

/** Everything that was measured of `probe`. */
export interface ProbeFigures {
  /** Rounds that count; every rate is the median of so many. */
  readonly rounds: number;
  readonly local: LocalFigures;
  readonly http: HttpFigures;
}

const COPIES = 500;

/**
 * Images a second that the built program judges: ten thousand files of the local disk, beside `qemu-img info` and `blkid -p` over some
 * of them; and two thousand over HTTP with latency, beside fixed numbers of them at once. Whole processes, in turns.
 */
export async function probeFigures(repeat: number, onStep: (text: string) => void): Promise<ProbeFigures> {
  const { folder } = await buildCorpus(onStep);
  mkdirSync(CACHE, { recursive: true });
  const store = mkdtempSync(path.join(CACHE, 'bench-'));
  try {
    const files = makeStore(folder, store, COPIES);
    onStep(`${grouped(files.length)} files made`);
    const local = await measureLocal(files, repeat, onStep);
    const http = await measureHttp(files.slice(0, MIX.length), repeat, onStep);
    return { rounds: repeat, local, http };
  } finally {
    rmSync(store, { recursive: true, force: true });
  }
}
