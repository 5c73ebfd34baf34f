import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Names the file that the product writes its own figures to, at its end. */
const VARIABLE = 'GLANCE_RETYPE_MEASURES';

export const PHASES = ['total', 'read', 'decide', 'write', 'wait'] as const;
export type Phase = (typeof PHASES)[number];

export const COUNTS = ['statements', 'bytesSent', 'bytesReceived', 'rows', 'batches'] as const;
export type Count = (typeof COUNTS)[number];

/** What a run of the product says of itself; null where it does not say. */
export interface Measures extends Readonly<Record<Count, number | null>> {
  readonly seconds: Readonly<Record<Phase, number | null>>;
}

/**
 * Reads what the product wrote: `{"command": …, "seconds": {"total": 9.1, …}, "statements": 1234, …}`, every figure a number from 0,
 * any of them missing, keys that are not known ignored.
 * @throws Error with everything that is wrong.
 */
export function readMeasures(text: string): Measures {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error('the measures are not JSON', { cause: error });
  }
  const problems: string[] = [];
  const record = (where: string, found: unknown): Readonly<Record<string, unknown>> => {
    if (typeof found === 'object' && found !== null && !Array.isArray(found)) return found as Record<string, unknown>;
    problems.push(`${where} is no object`);
    return {};
  };
  const figure = (where: string, found: unknown): number | null => {
    if (found === undefined) return null;
    if (typeof found === 'number' && Number.isFinite(found) && found >= 0) return found;
    problems.push(`${where} is not a number from 0: ${JSON.stringify(found)}`);
    return null;
  };
  const whole = record('the document', value);
  const seconds = whole['seconds'] === undefined ? {} : record('seconds', whole['seconds']);
  const measures = {
    seconds: figures(PHASES, (phase) => figure(`seconds.${phase}`, seconds[phase])),
    ...figures(COUNTS, (count) => figure(count, whole[count])),
  };
  if (problems.length > 0) throw new Error(`the measures cannot be read:\n${problems.join('\n')}`);
  return measures;
}

/** Lets `work` run the product with a place for its figures. @returns what it returned, and the figures where there are any. */
export async function withMeasures<T>(
  work: (environment: Readonly<Record<string, string>>) => Promise<T>,
): Promise<{ readonly result: T; readonly measures: Measures | null }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'glance-retype-measures-'));
  const file = path.join(folder, 'measures.json');
  try {
    const result = await work({ [VARIABLE]: file });
    return { result, measures: existsSync(file) ? readMeasures(readFileSync(file, 'utf8')) : null };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function figures<Key extends string>(
  keys: readonly Key[],
  read: (key: Key) => number | null,
): Record<Key, number | null> {
  return Object.fromEntries(keys.map((key) => [key, read(key)])) as Record<Key, number | null>;
}
