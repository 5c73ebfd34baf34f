import type { Database } from '../../../src/db/database.ts';

/** A database through which so many writing statements pass, and then nothing at all, as when the process is killed. */
export interface CutDatabase {
  readonly writer: Database;
  /** Whether anything was cut off. */
  readonly isCut: () => boolean;
}

/** What a killed process would have said. */
export class CutError extends Error {
  override readonly name = 'CutError';
}

/** Methods that write; `native` is how rows are inserted in bulk. */
const WRITES: ReadonlySet<PropertyKey> = new Set(['execute', 'native']);

export function cutAfter(database: Database, statements: number): CutDatabase {
  let left = statements;
  let cut = false;
  const pass = (name: PropertyKey): void => {
    if (left === 0) cut = true;
    if (cut) throw new CutError('cut off');
    if (WRITES.has(name)) left -= 1;
  };
  const around = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (inner, name) => {
        const value: unknown = Reflect.get(inner, name, inner);
        if (typeof value !== 'function') return name === 'executor' && isObject(value) ? around(value) : value;
        const method = value.bind(inner) as (...args: unknown[]) => unknown;
        if (name === 'transaction') {
          return async (work: (trx: object) => unknown) => {
            pass(name);
            return method((trx: object) => work(around(trx)));
          };
        }
        if (!WRITES.has(name) && name !== 'query') return method;
        return async (...args: unknown[]) => {
          // Reads go on until the statement that is cut off: a process dies at a write or behind it.
          if (WRITES.has(name) || cut) pass(name);
          return method(...args);
        };
      },
    });
  return { writer: around(database), isCut: () => cut };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
