import { openFileSink } from '../../report/output/file-sink.ts';
import { jsonText } from '../../report/words/json-text.ts';

/**
 * Writes what a command found where --json says; nothing where it was not given.
 * @param file a path, or `-` for standard output.
 * @throws RetypeError OUTPUT_FILE.
 */
export async function writeJson(file: string | undefined, record: () => unknown): Promise<void> {
  if (file === undefined) return;
  const sink = await openFileSink({ option: '--json', file, stdout: process.stdout });
  await sink.write(`${jsonText(record())}\n`);
  await sink.end();
}
