import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RetypeError } from '../../../src/model/error.ts';
import { createPieceBuffer, createStreamSink, type FileSink, openFileSink } from '../../../src/report/output/sinks.ts';
import { createCsvWriter, createJsonWriter, createNdjsonWriter } from '../../../src/report/output/writers.ts';
import { decided, memorySink, reportOf, row, summaryOf } from '../made-images.ts';

it('small texts are gathered into pieces of about 64 KiB, in order', async () => {
  const sink = memorySink();
  const buffer = createPieceBuffer(sink);
  const texts = Array.from({ length: 3_000 }, (_, index) => `${index}`.padStart(100, '.'));
  for (const text of texts) await buffer.write(text);
  await buffer.end();
  expect(sink.pieces.join('')).toBe(texts.join(''));
  expect(sink.pieces.map((piece) => piece.length)).toEqual([65_600, 65_600, 65_600, 65_600, 37_600]);
});

it('end waits for the last piece before it ends the sink', async () => {
  const calls: string[] = [];
  const buffer = createPieceBuffer({
    async write(text) {
      await Promise.resolve();
      calls.push(text);
    },
    end() {
      calls.push('end');
      return Promise.resolve();
    },
  });
  await buffer.write('rest');
  await buffer.end();
  expect(calls).toEqual(['rest', 'end']);
});

const WRITERS = { ndjson: createNdjsonWriter, csv: createCsvWriter, json: createJsonWriter };

for (const [format, createWriter] of Object.entries(WRITERS)) {
  it(`the ${format} writer answers at once while it gathers and makes the caller wait for a slow sink`, async () => {
    const releases: (() => void)[] = [];
    const writer = createWriter({
      write: () => new Promise<void>((resolve) => releases.push(resolve)),
      end: () => Promise.resolve(),
    });
    let answer = writer.add(row({}), decided());
    let added = 1;
    while (answer === undefined && added < 10_000) {
      answer = writer.add(row({}), decided());
      added += 1;
    }
    expect(added).toBeGreaterThan(100);
    expect(releases).toHaveLength(1);
    let state: 'waiting' | 'free' = 'waiting';
    const waiting = Promise.resolve(answer).then(() => (state = 'free'));
    await Promise.resolve();
    expect(state).toBe('waiting');
    releases[0]?.();
    await waiting;
    expect(state).toBe('free');
  });

  it(`an error of the sink comes out of the ${format} writer`, async () => {
    const writer = createWriter({
      write: () => Promise.reject(new Error('disk full')),
      end: () => Promise.resolve(),
    });
    await writer.add(row({}), decided());
    await expect(writer.end(reportOf(summaryOf([])))).rejects.toThrow('disk full');
  });
}

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

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'retype-report-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function openAt(file: string): Promise<FileSink> {
  return openFileSink({ option: '--json', file, stdout: new PassThrough() });
}

async function problemOf(work: Promise<unknown>): Promise<RetypeError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RetypeError)) throw new Error(`expected a RetypeError, got ${String(error)}`);
  return error;
}

/** Somebody who is neither this user nor root. */
const STRANGER = 12_345;

describe('a file', () => {
  it('that is new is for its owner alone, whatever the umask', async () => {
    const file = join(dir, 'plan.json');
    const umask = process.umask(0);
    try {
      const sink = await openAt(file);
      await sink.end();
    } finally {
      process.umask(umask);
    }
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  // Root alone can give a link away.
  it.skipIf(process.getuid?.() !== 0)('is not written through a link that another user made', async () => {
    const target = join(dir, 'precious');
    writeFileSync(target, 'as it was');
    const between = join(dir, 'own-link');
    symlinkSync('foreign-link', between);
    const link = join(dir, 'foreign-link');
    symlinkSync('precious', link);
    lchownSync(link, STRANGER, STRANGER);
    for (const file of [link, between]) {
      const { code, problems } = await problemOf(openAt(file));
      expect([code, problems[0].found]).toEqual(['OUTPUT_FILE', expect.stringContaining('another user')]);
    }
    lchownSync(link, 0, 0);
    const sink = await openAt(between);
    await sink.write('new');
    await sink.end();
    expect(readFileSync(target, 'utf8')).toBe('new');
  });

  it('stands under its name only after end, complete', async () => {
    const file = join(dir, 'plan.json');
    const sink = await openAt(file);
    await sink.write('first 💾 ');
    await sink.write('second\n');
    expect(existsSync(file)).toBe(false);
    await sink.end();
    expect(readFileSync(file, 'utf8')).toBe('first 💾 second\n');
    expect(readdirSync(dir)).toEqual(['plan.json']);
  });

  it('of an earlier run stays as it was when this run breaks, and nothing is left beside it', async () => {
    const file = join(dir, 'plan.json');
    writeFileSync(file, 'earlier');
    const sink = await openAt(file);
    await sink.write('half of');
    await sink.discard();
    expect(readFileSync(file, 'utf8')).toBe('earlier');
    expect(readdirSync(dir)).toEqual(['plan.json']);
  });

  it('of an earlier run is replaced as a whole and keeps its permissions', async () => {
    const file = join(dir, 'plan.json');
    writeFileSync(file, 'a much longer earlier text');
    chmodSync(file, 0o600);
    const sink = await openAt(file);
    await sink.write('new');
    await sink.end();
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('behind a symbolic link is replaced, and the link stays', async () => {
    mkdirSync(join(dir, 'there'));
    writeFileSync(join(dir, 'there', 'real.json'), 'old');
    symlinkSync(join(dir, 'there', 'real.json'), join(dir, 'link.json'));
    const sink = await openAt(join(dir, 'link.json'));
    await sink.write('new');
    await sink.end();
    expect(readFileSync(join(dir, 'there', 'real.json'), 'utf8')).toBe('new');
    expect(readdirSync(dir).sort()).toEqual(['link.json', 'there']);
  });

  it('that cannot be opened is an OUTPUT_FILE error that names option and path', async () => {
    const error = await problemOf(openAt(join(dir, 'missing', 'plan.json')));
    expect(error.code).toBe('OUTPUT_FILE');
    expect(error.problems[0].place).toBe(`--json ${join(dir, 'missing', 'plan.json')}`);
    expect(error.problems[0].found).toContain('ENOENT');
  });

  it('that is a directory is an OUTPUT_FILE error', async () => {
    expect((await problemOf(openAt(dir))).problems[0].found).toContain('EISDIR');
  });

  it('that vanished with its directory is an OUTPUT_FILE error at the end', async () => {
    mkdirSync(join(dir, 'gone'));
    const sink = await openAt(join(dir, 'gone', 'plan.json'));
    rmSync(join(dir, 'gone'), { recursive: true });
    expect((await problemOf(sink.end())).code).toBe('OUTPUT_FILE');
  });
});

it('discard after a failed end leaves nothing behind, and after a good one changes nothing', async () => {
  const failing = await openAt(join(dir, 'plan.json'));
  mkdirSync(join(dir, 'plan.json'));
  expect((await problemOf(failing.end())).code).toBe('OUTPUT_FILE');
  await failing.discard();
  expect(readdirSync(dir)).toEqual(['plan.json']);
  const good = await openAt(join(dir, 'good.json'));
  await good.end();
  await good.discard();
  expect(readdirSync(dir).sort()).toEqual(['good.json', 'plan.json']);
});

describe('something that is not a regular file', () => {
  it('/dev/null is written directly and stays a device', async () => {
    const sink = await openAt('/dev/null');
    await sink.write('text');
    await sink.end();
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('a full device is an OUTPUT_FILE error', async () => {
    const sink = await openAt('/dev/full');
    const error = await problemOf(Promise.resolve(sink.write('text')));
    expect(error.code).toBe('OUTPUT_FILE');
    expect(error.problems[0].found).toContain('ENOSPC');
    await sink.discard();
  });

  it('a named pipe gets the text', async () => {
    const pipe = join(dir, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    const reader = promisify(execFile)('cat', [pipe]);
    const sink = await openAt(pipe);
    await sink.write('through the pipe');
    await sink.end();
    expect((await reader).stdout).toBe('through the pipe');
  });
});

it('- is standard output, which stays open', async () => {
  const stdout = new PassThrough();
  const sink = await openFileSink({ option: '--ndjson', file: '-', stdout });
  await sink.write('text');
  await sink.end();
  expect(String(stdout.read())).toBe('text');
  expect(stdout.writableEnded).toBe(false);
});

describe('standard output', () => {
  const NASTY = 'a\u001b]0;owned\u0007\u009b2J\u202ename\u0000,über\r\n';

  async function written(stdout: PassThrough & { isTTY?: boolean }): Promise<string> {
    const sink = await openFileSink({ option: '--csv', file: '-', stdout });
    await sink.write(NASTY);
    await sink.end();
    return String(stdout.read());
  }

  it('that is a terminal gets nothing that it would obey', async () => {
    const shown = await written(Object.assign(new PassThrough(), { isTTY: true }));
    expect(shown).toBe('a\\u001b]0;owned\\u0007\\u009b2J\\u202ename\\u0000,über\r\n');
  });

  it('that is a terminal gets a character beyond the first 65,536 as two escapes', async () => {
    const stdout = Object.assign(new PassThrough(), { isTTY: true });
    const sink = await openFileSink({ option: '--json', file: '-', stdout });
    await sink.write('a\u{e0001}b');
    expect(String(stdout.read())).toBe('a\\udb40\\udc01b');
  });

  it('that is a pipe gets the bytes as they are', async () => {
    expect(await written(new PassThrough())).toBe(NASTY);
  });
});
