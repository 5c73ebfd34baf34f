import { spawn } from 'node:child_process';
import { Writable } from 'node:stream';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { createStreamSink } from '../../../src/report/output/stream-sink.ts';

it('a write waits until the stream has taken the text', async () => {
  const releases: (() => void)[] = [];
  const stream = new Writable({ write: (_chunk, _encoding, done) => void releases.push(done) });
  let state: 'waiting' | 'free' = 'waiting';
  const writing = createStreamSink(stream)
    .write('text')
    .then(() => (state = 'free'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(state).toBe('waiting');
  releases[0]?.();
  await writing;
  expect(state).toBe('free');
});

it('a reader that goes away ends the writing quietly, and is told of once', async () => {
  const child = spawn('head', ['-c', '1'], { stdio: ['pipe', 'ignore', 'inherit'] });
  let told = 0;
  const sink = createStreamSink(child.stdin, () => (told += 1));
  await sink.write('x'.repeat(10));
  await once(child, 'exit');
  for (let time = 0; time < 5; time += 1) await sink.write('y'.repeat(1_000_000));
  await sink.end();
  expect(told).toBe(1);
});

it('EPIPE is no error, and nothing is written after it', async () => {
  let writes = 0;
  const stream = new Writable({
    autoDestroy: false,
    write: (_chunk, _encoding, done) => {
      writes += 1;
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    },
  });
  let told = 0;
  const sink = createStreamSink(stream, () => (told += 1));
  await sink.write('first');
  await sink.write('second');
  expect([writes, told]).toEqual([1, 1]);
});

it('any other error of the stream comes out of the write', async () => {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('disk full')) });
  await expect(createStreamSink(stream).write('text')).rejects.toThrow('disk full');
});
