import type { Database } from '../../db/database.ts';
import type { Throttle } from './throttle.ts';

/** null for an engine without sessions. @param limit sessions that may run a statement, those of this run included. */
export function threadsRunning(writer: Database, limit: number): Throttle | null {
  const { readRunning } = writer.dialect;
  if (readRunning === null) return null;
  return {
    reason: 'threads-running',
    subject: 'the number of sessions that run a statement',
    limit,
    text: String,
    advice: 'leave out --max-threads-running to go on without it',
    read: async () => writer.observe(readRunning),
  };
}
