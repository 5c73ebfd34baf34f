/**
 * Loaded into the built program by `node --import`: ends or stops it at one exact call to its database. Nothing in the product knows of it.
 *
 * GLANCE_TEST_CRASH_LOG: a file that gets the name of each point as it is reached, one a line.
 * GLANCE_TEST_CRASH: a `CrashPoint` as JSON; without it every point is only written down.
 *
 * A point is a call that can change the database, or belongs to a transaction that does. Between two of them nothing happens that the
 * database would remember, so reading by itself needs no points of its own.
 */
import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';

import type { CrashPoint } from './crash-points.ts';

const log = process.env['GLANCE_TEST_CRASH_LOG'] ?? '';
const asked = process.env['GLANCE_TEST_CRASH'];
const wanted = asked === undefined ? null : (JSON.parse(asked) as CrashPoint);

/** Open transactions, with the name of the first statement in each that writes. */
const transactions = new WeakMap<object, { writes: string | null }>();
/** Connections that can write nothing. */
const readOnly = new WeakSet();
const occurrences = new Map<string, number>();

const WRITES = /^(?:INSERT|REPLACE|UPDATE|DELETE|CREATE|ALTER|DROP|TRUNCATE|RENAME)\b/iu;
const NAMED =
  /^(INSERT|REPLACE|DELETE|UPDATE|CREATE|ALTER|DROP|TRUNCATE)(?: (?:IGNORE|UNIQUE|OR REPLACE|INTO|FROM|ONLY|TABLE|VIEW|INDEX|IF EXISTS|IF NOT EXISTS))* ([\w.]+)/iu;

function plain(sql: string): string {
  const text = sql.replaceAll(/["`]/gu, '').replaceAll(/\s+/gu, ' ').trim();
  // MariaDB's settings for one statement, and better-sqlite3's way to begin anew.
  return text.replace(/^SET STATEMENT .*? FOR /u, '').replace(/^COMMIT; (?=BEGIN)/u, '');
}

/** How a statement is called in lists: its verb and its table. */
function nameOf(text: string): string {
  // MySQL puts the journal first in the joined update of images.
  if (/^UPDATE\b.*JOIN images\b/iu.test(text)) return 'UPDATE images';
  const named = NAMED.exec(text);
  if (named !== null) {
    const [whole, verb = '', table = ''] = named;
    const words = whole.slice(0, whole.length - table.length).toUpperCase();
    return /\b(?:VIEW|INDEX)\b/u.test(words) ? `${words}${table}` : `${verb.toUpperCase()} ${table}`;
  }
  const source = /^SELECT\b.*?\bFROM (\w+)/iu.exec(text);
  return source === null ? (text.split(/[ ;]/u)[0] ?? '') : `SELECT ${source[1] ?? ''}`;
}

/** What a statement is as a point, null where it is none; takes note of where its connection stands. */
function pointOf(connection: object, sql: string): string | null {
  const text = plain(sql);
  if (/^SET SESSION TRANSACTION READ ONLY$/u.test(text)) readOnly.add(connection);
  if (readOnly.has(connection)) return null;
  if (/^(?:BEGIN|START TRANSACTION)\b/u.test(text)) {
    if (/READ ONLY/u.test(text)) return null;
    transactions.set(connection, { writes: null });
    return 'BEGIN';
  }
  const open = transactions.get(connection);
  if (/^(?:COMMIT|ROLLBACK)\b(?! TO)/u.test(text)) {
    transactions.delete(connection);
    return open === undefined ? null : `${nameOf(text)} of ${open.writes ?? 'nothing'}`;
  }
  const name = nameOf(text);
  if (!WRITES.test(text)) return open === undefined ? null : name;
  if (open === undefined) return `${name} by itself`;
  open.writes ??= name;
  return name;
}

/** Notes a call that is about to be made, and ends the process where it is wanted. @returns what is to be done once it is answered. */
function beforeCall(connection: object, sql: string): () => void {
  const name = pointOf(connection, sql);
  if (name === null) return () => {};
  const occurrence = (occurrences.get(name) ?? 0) + 1;
  occurrences.set(name, occurrence);
  if (log !== '') appendFileSync(log, `${name}\n`);
  if (wanted === null || wanted.name !== name || wanted.occurrence !== occurrence) return () => {};
  const strike = (): void => void process.kill(process.pid, wanted.signal);
  if (wanted.moment === 'after') return strike;
  strike();
  return () => {};
}

type Call = (this: object, ...values: unknown[]) => unknown;

/** A driver's function that takes a statement and answers by callback or by promise. */
function wrapAsynchronous(prototype: Record<string, Call>, method: string): void {
  const original = prototype[method];
  if (original === undefined) throw new Error(`the driver has no ${method}`);
  prototype[method] = function wrapped(...values) {
    const [statement] = values as (string | { readonly sql?: string; readonly text?: string })[];
    const text = typeof statement === 'string' ? statement : (statement?.sql ?? statement?.text ?? '');
    const answered = beforeCall(this, text);
    const callback = values.at(-1);
    if (typeof callback === 'function') {
      const told = function told(this: object, ...answer: unknown[]): unknown {
        answered();
        return (callback as Call).apply(this, answer);
      };
      return original.apply(this, [...values.slice(0, -1), told]);
    }
    const result = original.apply(this, values);
    if (!(result instanceof Promise)) return result;
    return result.then((value: unknown) => {
      answered();
      return value;
    });
  };
}

function wrapSqlite({ prototype }: { readonly prototype: BetterSqlite3.Database }): void {
  const { prepare, exec } = prototype as unknown as Record<'prepare' | 'exec', Call>;
  const around = <T>(connection: BetterSqlite3.Database, sql: string, call: () => T): T => {
    if (connection.readonly) return call();
    const answered = beforeCall(connection, sql);
    const result = call();
    answered();
    return result;
  };
  prototype.exec = function wrapped(this: BetterSqlite3.Database, sql) {
    return around(this, sql, () => exec.call(this, sql) as BetterSqlite3.Database);
  };
  prototype.prepare = function wrapped(this: BetterSqlite3.Database, sql: string) {
    const statement = prepare.call(this, sql) as Record<string, Call>;
    for (const method of ['run', 'all', 'get', 'iterate']) {
      const original = statement[method];
      if (original === undefined) throw new Error(`the driver has no ${method}`);
      statement[method] = (...values) => around(this, sql, () => original.apply(statement, values));
    }
    return statement;
  } as unknown as BetterSqlite3.Database['prepare'];
}

// The program's own copies of the drivers.
const load = createRequire(process.argv[1] ?? '');
const address = process.argv.join(' ');
if (address.includes('sqlite:')) wrapSqlite(load('better-sqlite3') as typeof BetterSqlite3);
if (address.includes('mysql:')) {
  const { Connection } = load('mysql2') as { readonly Connection: { readonly prototype: Record<string, Call> } };
  for (const method of ['query', 'execute']) wrapAsynchronous(Connection.prototype, method);
}
if (/postgres(?:ql)?:/u.test(address)) {
  const { Client } = load('pg') as { readonly Client: { readonly prototype: Record<string, Call> } };
  wrapAsynchronous(Client.prototype, 'query');
}
