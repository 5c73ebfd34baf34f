import type { ConnectionSpec } from '../../db/connection/spec.ts';
import type { AccessMode, Database } from '../../db/database.ts';
import { isStatementFailure, serverMessage } from '../../db/driver-error.ts';
import { openDatabase } from '../../db/engines/open.ts';
import { databaseFailure } from '../../run/context/database-failure.ts';
import type { GivenDatabase } from '../options/database.ts';
import { type Command, type CommandParts, defineCommand } from './command.ts';
import { firstError } from './first-error.ts';
import { say, tell } from '../log/log.ts';
import { noteTraffic, writeMeasures } from './measures.ts';
import { showConfig } from './show-config.ts';

/** The databases of one command. */
export interface Session {
  /**
   * Opens a database until the caller's scope ends. It closes quietly: an error of the work matters more.
   * @throws RetypeError as `openDatabase` does.
   */
  open(spec: ConnectionSpec, mode: AccessMode): Promise<Database & AsyncDisposable>;
  /** Opens other nodes of the same cluster, for reading, until the caller's scope ends. */
  openNodes(specs: readonly ConnectionSpec[]): Promise<{ readonly databases: readonly Database[] } & AsyncDisposable>;
  /** The error to report when the command failed: a driver's error becomes a registered one that names the database. */
  failure(error: unknown): unknown;
}

/** Defines a command that opens databases. */
export function defineDatabaseCommand<Options>({ options, run }: CommandParts<Options, [session: Session]>): Command {
  return defineCommand({
    options,
    async run(given) {
      if ((given as GivenDatabase).showConfig === true) return showConfig(given, process.env);
      const session = createSession();
      try {
        return await run(given, session);
      } catch (error) {
        throw session.failure(error);
      }
    },
  });
}

function createSession(): Session {
  let newest: Database | null = null;
  const open: Session['open'] = async (spec, mode) => {
    const database = await openDatabase(spec, mode, tellWaiting());
    newest = database;
    tell({ event: 'database', database: database.label, engine: database.dialect.serverVersion });
    return Object.assign(database, {
      async [Symbol.asyncDispose]() {
        noteTraffic(database.usage());
        await database.close().catch(() => undefined);
        writeMeasures(process.env);
      },
    });
  };
  return {
    open,
    async openNodes(specs) {
      const databases: (Database & AsyncDisposable)[] = [];
      const close = async (): Promise<void> => {
        for (const database of databases.toReversed()) await database[Symbol.asyncDispose]();
      };
      try {
        for (const spec of specs) databases.push(await open(spec, 'read-only'));
      } catch (error) {
        await close();
        throw error;
      }
      return { databases, [Symbol.asyncDispose]: close };
    },
    failure(error) {
      const first = firstError(error);
      return newest !== null && isStatementFailure(first) ? registered(first, newest) : first;
    },
  };
}

/** What a server refuses is a failure of the environment. A statement that it does not understand is a bug of ours. */
function registered(error: unknown, database: Database): unknown {
  const kind = database.dialect.classify(error);
  return kind === 'fatal' && /syntax/i.test(serverMessage(error)) ? error : databaseFailure(database, error, kind);
}

const REPEAT_AFTER_MS = 10_000;

/** Says on standard error what the command waits for. The same reason is repeated only after a while. */
function tellWaiting(): (reason: string) => void {
  const since = performance.now();
  let last = { reason: '', at: -Infinity };
  return (reason) => {
    const now = performance.now();
    if (reason === last.reason && now - last.at < REPEAT_AFTER_MS) return;
    last = { reason, at: now };
    const waitedSeconds = (now - since) / 1000;
    const text = `waiting for the database: ${reason}`;
    say({ kind: 'waiting', reason: 'database', text, reading: null, limit: null, ageSeconds: null, waitedSeconds });
  };
}
