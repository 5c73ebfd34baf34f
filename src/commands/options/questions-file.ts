import { readFile, stat } from 'node:fs/promises';

import { RetypeError } from '../../model/error.ts';
import { openFileSink } from '../../report/output/file-sink.ts';

/** A questions file as it was read. */
export interface QuestionsFile {
  readonly path: string;
  readonly bytes: Buffer;
  readonly text: string;
}

/** More than a file of questions can have, in bytes: it is another file, named by mistake. */
const SIZE_LIMIT = 32 * 1024 * 1024;

/**
 * @returns null where there is no such file.
 * @throws RetypeError DECISIONS_FILE where it is something else than a file of text in UTF-8.
 */
export async function readQuestionsFile(path: string): Promise<QuestionsFile | null> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw unreadable(path, 'something else than a file');
    if (found.size > SIZE_LIMIT) throw unreadable(path, `${found.size} bytes`);
    const bytes = await readFile(path);
    return { path, bytes, text: decoded(path, bytes) };
  } catch (error) {
    if (error instanceof RetypeError) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw unreadable(path, error instanceof Error ? error.message : String(error), error);
  }
}

function decoded(path: string, bytes: Buffer): string {
  try {
    // The mark at the beginning is kept, because the text is written back.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw unreadable(path, 'bytes that are not UTF-8');
  }
}

/**
 * Replaces the file by a new text: all of it or, when anything breaks, nothing. Its mode is kept, and a symbolic link leads to
 * the new file as it led to the old one.
 *
 * @param before as it was read; null where it was not there. `changed`: it is another now, and was left as it is.
 * @throws RetypeError OUTPUT_FILE, DECISIONS_FILE
 */
export async function replaceQuestionsFile(
  path: string,
  before: QuestionsFile | null,
  text: string,
  option: string,
): Promise<'written' | 'changed'> {
  const sink = await openFileSink({ option, file: path, stdout: process.stdout });
  let end: 'written' | 'changed' = 'changed';
  try {
    await sink.write(text);
    // As late as can be: an editor that saves in the moment between this look and the renaming is the only one that is not seen.
    if (await isStill(path, before)) {
      await sink.end();
      end = 'written';
    }
  } finally {
    if (end === 'changed') await sink.discard();
  }
  return end;
}

/** Whether the file is, byte for byte, as it was read. */
export async function isStill(path: string, before: QuestionsFile | null): Promise<boolean> {
  const now = await readFile(path).catch(() => null);
  return before === null ? now === null : (now?.equals(before.bytes) ?? false);
}

export function missingFile(path: string): RetypeError {
  return unreadable(path, 'no such file');
}

function unreadable(path: string, found: string, cause?: unknown): RetypeError {
  return new RetypeError(
    'DECISIONS_FILE',
    [
      {
        place: path,
        expected: 'a file of questions, as plan --questions FILE writes it, in UTF-8',
        found,
        advice: 'name the right file, or write one with plan --questions FILE',
      },
    ],
    cause,
  );
}
