import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { readBounded } from '../../model/bounded-file.ts';
import { RetypeError } from '../../model/error.ts';
import { openFileSink } from '../../report/output/sinks.ts';

/** A questions file as it was read. */
export interface QuestionsFile {
  readonly path: string;
  readonly bytes: Buffer;
  readonly text: string;
}

/** Bytes. A longer file is not a questions file and was named by mistake. */
const SIZE_LIMIT = 32 * 1024 * 1024;

/**
 * @returns null where there is no such file.
 * @throws RetypeError DECISIONS_FILE where it is something else than a file of text in UTF-8.
 */
export function readQuestionsFile(path: string): QuestionsFile | null {
  try {
    // A pipe can be neither read again nor replaced.
    if (!statSync(path).isFile()) throw unreadable(path, 'something else than a file');
    const bytes = readBounded(path, SIZE_LIMIT);
    return { path, bytes, text: decoded(path, bytes) };
  } catch (error) {
    if (error instanceof RetypeError) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw unreadable(path, error instanceof Error ? error.message : String(error), error);
  }
}

function decoded(path: string, bytes: Buffer): string {
  try {
    // The byte order mark is kept, because the text is written back.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw unreadable(path, 'bytes that are not UTF-8');
  }
}

/**
 * Replaces the file by a new text, completely or, on any error, not at all. The mode is kept, and so is a symbolic
 * link.
 *
 * @param before the file as it was read; null where it did not exist.
 * @returns `changed` where the file is no longer as it was read; it was left as it is.
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
    // As late as possible: only an editor that saves between this check and the renaming goes unnoticed.
    if (await isStill(path, before)) {
      await sink.end();
      end = 'written';
    }
  } finally {
    if (end === 'changed') await sink.discard();
  }
  return end;
}

/** Whether the file is still as it was read, byte for byte. */
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
