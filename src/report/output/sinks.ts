import { randomBytes } from 'node:crypto';
import { type FileHandle, lstat, open, readlink, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { RetypeError } from '../../model/error.ts';
import { UNSAFE_CHARACTERS } from '../../model/unsafe-characters.ts';
import { jsonEscape } from '../words/safe-text.ts';

export interface TextSink {
  /** A promise means: wait before writing more. Calls never overlap. */
  write(text: string): void | Promise<void>;
  /** Makes everything written final. */
  end(): Promise<void>;
}

/** Text gathered before it is handed on, in UTF-16 code units: large enough that the system call does not matter. */
const PIECE_LENGTH = 64 * 1024;

/** Gathers small texts and hands them to the sink in pieces of about 64 KiB. */
export function createPieceBuffer(sink: TextSink): TextSink {
  let gathered = '';
  return {
    write(text) {
      gathered += text;
      if (gathered.length < PIECE_LENGTH) return undefined;
      const piece = gathered;
      gathered = '';
      return sink.write(piece);
    },
    async end() {
      const rest = gathered;
      gathered = '';
      if (rest !== '') await sink.write(rest);
      await sink.end();
    },
  };
}

const begun = new WeakSet<Writable>();

/** Whether a stream sink has written to the stream: what follows would be no document of its own. */
export function isBegun(stream: Writable): boolean {
  return begun.has(stream);
}

interface StreamSink extends TextSink {
  /** Resolves when the stream has taken the text over, which is the back-pressure of a slow reader. */
  write(text: string): Promise<void>;
}

/**
 * Writes to a stream and leaves it open: standard output is not ours to close. When its reader goes away (EPIPE: `|
 * head`), the rest is dropped and `onReaderGone` is called once, so that the caller can stop.
 *
 * @throws the stream's error, other than EPIPE
 */
export function createStreamSink(stream: Writable, onReaderGone?: () => void): StreamSink {
  let reader: 'there' | 'gone' = 'there';
  function lose(): void {
    if (reader === 'gone') return;
    reader = 'gone';
    onReaderGone?.();
  }
  // Every error also reaches the callback of its write; without a listener the event itself would end the process.
  stream.on('error', (error) => {
    if (isReaderGone(error)) lose();
  });
  return {
    write(text) {
      if (reader === 'gone') return Promise.resolve();
      begun.add(stream);
      return new Promise((resolve, reject) => {
        stream.write(text, (error) => {
          if (error === null || error === undefined) return resolve();
          if (!isReaderGone(error)) return reject(error);
          lose();
          return resolve();
        });
      });
    },
    end: () => Promise.resolve(),
  };
}

/** After an EPIPE Node destroys the stream; later writes fail with ERR_STREAM_DESTROYED. */
function isReaderGone(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');
}

/** A sink on the file system. The caller ends it, or discards it when the run or the ending broke. */
export interface FileSink extends TextSink {
  /** Gives up: removes the temporary file and leaves the final one. Does nothing after an end that succeeded. */
  discard(): Promise<void>;
}

export interface FileSinkOptions {
  /** The option that named the file, for messages: `--json`. */
  readonly option: string;
  /** A path, or `-` for standard output. */
  readonly file: string;
  readonly stdout: Writable & { readonly isTTY?: boolean };
  /** Called once when the reader of standard output has gone; later text is dropped without an error. */
  readonly onReaderGone?: () => void;
}

/**
 * Opens FILE or `-`.
 * A regular file is written beside its final place and renamed at the end, so a broken run keeps the earlier report. A
 * pipe or a device is written directly. A new file is for its owner alone, because it holds names and owners of a
 * cloud's images. On a terminal, control characters are written as escapes.
 *
 * @throws RetypeError OUTPUT_FILE, also from write and end
 */
export async function openFileSink(options: FileSinkOptions): Promise<FileSink> {
  if (options.file === '-') {
    const sink = createStreamSink(options.stdout, options.onReaderGone);
    const place = `${options.option} - (standard output)`;
    const shown = options.stdout.isTTY === true ? escaped : (text: string) => text;
    return {
      write: (text) => sink.write(shown(text)).catch((error: unknown) => fail(place, error)),
      end: () => sink.end(),
      discard: () => sink.end(),
    };
  }
  const place = `${options.option} ${options.file}`;
  try {
    return await openPath(place, options.file);
  } catch (error) {
    return fail(place, error);
  }
}

/** Texts of the database end up on a terminal here; line ends are the format's own. */
function escaped(text: string): string {
  return text.replaceAll(UNSAFE_CHARACTERS, (char) => (/[\t\r\n]/.test(char) ? char : jsonEscape(char)));
}

async function openPath(place: string, file: string): Promise<FileSink> {
  await refuseForeignLinks(file);
  const found = await stat(file).catch(absent);
  if (found !== null && !found.isFile()) {
    const handle = await open(file, 'w');
    return handleSink(place, handle, { keep: () => handle.close(), drop: () => handle.close() });
  }
  // Through a symbolic link the file it leads to is replaced, not the link.
  const final = found === null ? file : await realpath(file);
  const temporary = join(dirname(final), `.${basename(final)}.${randomBytes(6).toString('hex')}.tmp`);
  const handle = await open(temporary, 'wx', found === null ? 0o600 : found.mode & 0o777);
  return handleSink(place, handle, {
    async keep() {
      // Without the sync a power failure may leave the new name with no bytes behind it.
      await handle.sync();
      await handle.close();
      await rename(temporary, final);
    },
    async drop() {
      // Already closed where `keep` failed at the renaming.
      await handle.close().catch(() => undefined);
      await unlink(temporary);
    },
  });
}

/** As many as Linux follows. */
const MOST_LINKS = 40;

/**
 * A link made by another user would choose which file of this user is overwritten. Links of root are the system's own
 * (/dev/stdout). The kernel checks this in /tmp only (fs.protected_symlinks).
 */
async function refuseForeignLinks(file: string): Promise<void> {
  const self = process.getuid?.();
  let path = resolve(file);
  for (let links = 0; links < MOST_LINKS; links += 1) {
    const found = await lstat(path).catch(absent);
    if (found?.isSymbolicLink() !== true) return;
    if (self !== undefined && found.uid !== self && found.uid !== 0) {
      throw new Error('a symbolic link that belongs to another user');
    }
    path = resolve(dirname(path), await readlink(path));
  }
}

function handleSink(
  place: string,
  handle: FileHandle,
  ending: Readonly<Record<'keep' | 'drop', () => Promise<void>>>,
): FileSink {
  return {
    // Appends at the current position, and unlike `write` never stops after a part of the text.
    write: (text) => handle.writeFile(text, 'utf8').catch((error: unknown) => fail(place, error)),
    end: () => ending.keep().catch((error: unknown) => fail(place, error)),
    // The error that made the caller give up matters more than one met while cleaning up.
    discard: () => ending.drop().catch(() => undefined),
  };
}

function absent(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}

function fail(place: string, error: unknown): never {
  const found = error instanceof Error ? error.message : String(error);
  throw new RetypeError(
    'OUTPUT_FILE',
    [
      {
        place,
        expected: 'a file that can be written, in a directory where a file can be made',
        found,
        advice: 'name another file, or make room and give this user the right to write there',
      },
    ],
    error,
  );
}
