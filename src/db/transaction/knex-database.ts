import { setTimeout as sleep } from 'node:timers/promises';
import type { AccessMode, Database, DriverRow, Executor, SqlValue } from '../database.ts';
import { LIMITS, READ_LIMITS } from './deadlines.ts';
import type { Dialect, ErrorClass } from '../dialect.ts';
import { serverMessage } from '../driver-error.ts';
import type { StatementLimits } from '../executor.ts';
import { send, type LentConnection, type TransactionExecutor } from './transaction-executor.ts';
import type { Lender } from './connection-pool.ts';
import { isWorthTelling, retryBudget, RUN_BUDGET_MS, type RetryWait } from './retry.ts';
import type { Traffic } from '../connection-usage.ts';
import { insideTransaction, lendBegun, onConnection } from './transaction.ts';
import type { NativeConnection, Wire } from './engine-driver.ts';

/** What one engine brings to the common Database. */
export interface EngineParts {
  readonly dialect: Dialect;
  readonly mode: AccessMode;
  /** Host and port may change where the address names several. */
  readonly label: () => string;
  readonly wire: Wire;
  /** Where statements that write and transactions run. */
  readonly writer: Lender;
  /** Where queries outside a transaction run; the same connections on servers. */
  readonly reader: Lender;
  /** Mends what kept a query from its answer, where that can be done; true: it may be asked again. */
  readonly mend: (error: unknown) => boolean;
  /** As `Database.sessions` says. */
  readonly sessions: () => readonly string[];
  /** Told why something is waited for, in the server's words. */
  readonly onWait: (reason: string) => void;
}

/** Failures that a transaction which has not begun yet may wait out: nothing was done. */
const BEFORE_BEGIN: ReadonlySet<ErrorClass> = new Set<ErrorClass>(['connection-lost', 'unreachable', 'conflict']);

/** Since when no connection can be had, by a monotonic clock; null while there are some. */
interface Outage {
  since: number | null;
}

/** A Database over knex, which is used for its pool and its placeholders; transactions are begun, bounded and ended here. */
export class KnexDatabase implements Database {
  readonly #parts: EngineParts;
  readonly #outage: Outage;

  constructor(parts: EngineParts, outage: Outage = { since: null }) {
    this.#parts = parts;
    this.#outage = outage;
  }

  get dialect(): Dialect {
    return this.#parts.dialect;
  }

  get mode(): AccessMode {
    return this.#parts.mode;
  }

  get label(): string {
    return this.#parts.label();
  }

  async query(
    sql: string,
    bindings: readonly SqlValue[] = [],
    limits: StatementLimits = READ_LIMITS,
  ): Promise<readonly DriverRow[]> {
    const { reader, wire, mend } = this.#parts;
    const budget = retryBudget(RUN_BUDGET_MS);
    let mended = false;
    for (;;) {
      try {
        return wire.values.rows(await this.#single(reader, 'read-only', sql, bindings, limits));
      } catch (error) {
        if (!mended && mend(error)) mended = true;
        else
          await this.#waitOrThrow(reader, error, budget.next(wire.classify(error), performance.now(), Math.random()));
      }
    }
  }

  async execute(sql: string, bindings: readonly SqlValue[] = [], limits?: StatementLimits): Promise<number> {
    const { writer, wire, mode } = this.#parts;
    return wire.values.matched(await this.#single(writer, mode, sql, bindings, limits ?? LIMITS[mode]));
  }

  async transaction<T>(work: (trx: Executor) => Promise<T>): Promise<T> {
    return this.#inTransaction(this.#parts.writer, this.#parts.mode, work);
  }

  async native<T>(work: (connection: NativeConnection) => Promise<T>): Promise<T> {
    return this.#inTransaction(this.#parts.writer, this.#parts.mode, async (trx) => trx.native(work));
  }

  sessions(): readonly string[] {
    return this.#parts.sessions();
  }

  readOnly(): Database {
    return new KnexDatabase({ ...this.#parts, mode: 'read-only', writer: this.#parts.reader }, this.#outage);
  }

  traffic(): Traffic {
    return this.#parts.wire.traffic.read();
  }

  async close(): Promise<void> {
    const { writer, reader } = this.#parts;
    await writer.close();
    if (reader !== writer) await reader.close();
  }

  async #single(
    lender: Lender,
    mode: AccessMode,
    sql: string,
    bindings: readonly SqlValue[],
    limits: StatementLimits,
  ): Promise<unknown> {
    if (this.#parts.wire.alone.includes(mode))
      return onConnection(await this.#lend(lender, null), async (lent) => send(lent, sql, bindings, limits));
    return this.#inTransaction(lender, mode, async (trx) => trx.send(sql, bindings, limits));
  }

  async #inTransaction<T>(
    lender: Lender,
    mode: AccessMode,
    work: (trx: TransactionExecutor) => Promise<T>,
  ): Promise<T> {
    return insideTransaction(await this.#lend(lender, mode), LIMITS[mode], work);
  }

  /** Waits, while nothing was done, for a server that is gone, full or starting. @param mode null: no transaction. */
  async #lend(lender: Lender, mode: AccessMode | null): Promise<LentConnection> {
    const { wire } = this.#parts;
    const budget = retryBudget(RUN_BUDGET_MS);
    for (;;) {
      try {
        const lent = await (mode === null ? lender.lend() : lendBegun(lender, mode));
        this.#outage.since = null;
        return lent;
      } catch (error) {
        this.#outage.since ??= performance.now();
        const kind = wire.classify(error);
        const wait = BEFORE_BEGIN.has(kind) ? budget.next(kind, performance.now(), Math.random()) : null;
        await this.#waitOrThrow(lender, error, wait);
      }
    }
  }

  /** An outage is waited out once: not by each statement that comes after it. */
  #isGivenUp(): boolean {
    return this.#outage.since !== null && performance.now() - this.#outage.since >= RUN_BUDGET_MS;
  }

  async #waitOrThrow(lender: Lender, error: unknown, wait: RetryWait | null): Promise<void> {
    if (wait === null || lender.isClosing() || this.#isGivenUp()) throw error;
    if (isWorthTelling(wait)) this.#parts.onWait(serverMessage(error));
    await sleep(wait.milliseconds);
  }
}
