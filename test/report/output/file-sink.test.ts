import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  lchownSync,
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
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RetypeError } from '../../../src/model/error.ts';
import { openFileSink, type FileSink } from '../../../src/report/output/file-sink.ts';

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
