import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CLI } from '../measure.ts';
import { type Contender, type Measured, measureRounds, readCosts, type Spread, spreadOf } from './rounds.ts';

/** `probe` over HTTP from a server that waits before every answer: adaptive, and with fixed numbers of images at once. */
export interface HttpFigures {
  readonly latencyMs: number;
  readonly adaptive: Measured;
  /** Over every so many of the same images. */
  readonly jobs1: Measured;
  readonly jobs8: Measured;
  readonly jobs64: Measured;
  readonly bytes: Spread;
  readonly requests: Spread;
}

const LATENCY_MS = 20;
const IMAGES = 2000;

/** One at a time, a hundredth of a second and more each: a tenth of the images says as much. */
const SAMPLE = 200;

/** @param files one of each kind; the images are these, again and again. */
export async function measureHttp(
  files: readonly string[],
  repeat: number,
  onStep: (text: string) => void,
): Promise<HttpFigures> {
  const server = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [String(LATENCY_MS), ...files]);
  try {
    const port = await new Promise((resolve, reject) => {
      server.once('message', resolve);
      server.once('exit', () => reject(new Error('the server of the bench did not start')));
    });
    const addresses = Array.from(
      { length: IMAGES },
      (_, index) => `http://127.0.0.1:${String(port)}/${String(index)}/${String(index % files.length)}`,
    );
    const probe = (images: number, ...words: readonly string[]): Contender => ({
      command: [process.execPath, CLI, 'probe', '--json', ...words, ...addresses.slice(0, images)],
      images,
    });
    const adaptive = probe(IMAGES);
    const costs = readCosts(adaptive.command, IMAGES);
    const measured = await measureRounds(
      {
        adaptive,
        jobs1: probe(SAMPLE, '--jobs', '1'),
        jobs8: probe(IMAGES, '--jobs', '8'),
        jobs64: probe(IMAGES, '--jobs', '64'),
      },
      { repeat, warmUp: 0, onStep },
    );
    return {
      latencyMs: LATENCY_MS,
      ...measured,
      bytes: spreadOf(costs.map((cost) => cost.bytes)),
      requests: spreadOf(costs.map((cost) => cost.requests)),
    };
  } finally {
    server.kill();
  }
}
