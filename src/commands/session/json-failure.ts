import { RetypeError } from '../../model/error.ts';
import { createStreamSink, isBegun } from '../../report/output/sinks.ts';
import { errorRecord } from '../../report/records/error-record.ts';
import { jsonText } from '../../report/words/safe-text.ts';
import { firstError } from './first-error.ts';

/**
 * Writes the error of a command to standard output, where its JSON was to go, unless some of the JSON is there already.
 * The error is printed on standard error as well.
 */
export async function tellAsJson(error: unknown): Promise<void> {
  if (isBegun(process.stdout)) return;
  await createStreamSink(process.stdout).write(`${jsonText(errorRecord(firstError(error)))}\n`);
}

/** Takes the place of the result of a command that was stopped. */
export function stoppedError(command: string): RetypeError {
  const advice = 'run the same command again';
  return new RetypeError('STOPPED', {
    place: command,
    expected: 'the end of the work',
    found: 'a stop before it',
    advice,
  });
}
