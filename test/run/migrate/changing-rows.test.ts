import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';

import { runStatements } from '../../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../../scripts/fixtures/eras/eras.ts';
import type { Database, Executor, SqlValue } from '../../../src/db/database.ts';
import { SQLITE_BUILDER } from '../../../src/db/engines/sqlite/dialect.ts';
import type { SqlStatement } from '../../../src/db/executor.ts';
import { keyText } from '../../../src/glance/tables/driver-value.ts';
import { type StoredForm, storedForm } from '../../../src/journal/decisions.ts';
import type { Target } from '../../../src/journal/meta.ts';
import { evidence } from '../../rules/evidence-builder.ts';
import {
  benchOf,
  changedDatabase,
  COLUMNS,
  openBench,
  runExpand,
  runMigrate,
  runVerify,
  shipped,
  TABLE,
} from '../../support/cloud/migration.ts';
import { ENGINES, type EngineName, openForTest, withFreshDatabase } from '../../support/servers/engines.ts';

// Every batch of one migration is a case of its own: the same few rows, and somebody who changes one of them at one
// moment. The pages are as large as the cases, so that the number of a batch is that of its case.

/** What decisions depend on, of one image. */
interface State {
  readonly disk: string;
  readonly container: string;
  readonly status: string;
  readonly size: number;
  readonly name: string;
  readonly row: 'live' | 'deleted';
  /** `own`: a property says more than the columns, so that the row is written by its id. */
  readonly evidence: 'shared' | 'own';
}

type Tuple = readonly [disk: string, container: string];

/** The tuple that the victim has, one that it may get, and one that is decided where the first is not. */
interface Kind {
  readonly evidence: State['evidence'];
  readonly has: Tuple;
  readonly gets: Tuple;
  readonly crosses: Tuple;
}

const KINDS: readonly Kind[] = [
  { evidence: 'shared', has: ['qcow2', 'bare'], gets: ['iso', 'bare'], crosses: ['raw', 'bare'] },
  { evidence: 'shared', has: ['raw', 'bare'], gets: ['luks', 'bare'], crosses: ['vmdk', 'bare'] },
  // img_type=whole-disk: the first two are decided, the others contradict it.
  { evidence: 'own', has: ['qcow2', 'bare'], gets: ['gpt', 'bare'], crosses: ['iso', 'bare'] },
  { evidence: 'own', has: ['iso', 'bare'], gets: ['raw', 'docker'], crosses: ['gpt', 'bare'] },
];

const CHANGES = [
  'tuple',
  'crossing',
  'swap',
  'unknown',
  'replaced',
  'new',
  'status',
  'size',
  'name',
  'property',
] as const;
type ChangeName = (typeof CHANGES)[number];

/** The calls of the largest transaction, COMMIT among them. */
const CALLS = 8;

/** `page`: before the page is read; `begin`: after that, before the transaction; a number: before that call in it. */
type Moment = 'page' | 'begin' | number;

const MOMENTS: readonly Moment[] = ['page', 'begin', ...Array.from({ length: CALLS }, (_, call) => call)];

interface Case {
  readonly kind: Kind;
  readonly change: ChangeName;
  readonly moment: Moment;
}

const CASES: readonly Case[] = KINDS.flatMap((kind) =>
  MOMENTS.flatMap((moment) => CHANGES.map((change): Case => ({ kind, change, moment }))),
);

const VICTIM = 1;
const NEWCOMER = 2;
const PARTNER = 3;

const PLAIN = { status: 'active', size: 1000, name: 'one of them', row: 'live', evidence: 'shared' } as const;

/** The rows of a case by their places, in scan order. */
function rowsBefore({ kind }: Case): ReadonlyMap<number, State> {
  const state = ([disk, container]: Tuple, changes: Partial<State> = {}): State => {
    return { ...PLAIN, disk, container, ...changes };
  };
  return new Map([
    [VICTIM, state(kind.has, { evidence: kind.evidence })],
    [PARTNER, state(kind.gets, { evidence: kind.evidence })],
    [4, state(['vmdk', 'bare'])],
    [5, state(['raw', 'bare'])],
    [6, state(['gpt', 'bare'], { evidence: 'own' })],
    [7, state(['qcow2', 'bare'], { status: 'deleted', row: 'deleted' })],
  ]);
}

function rowsAfter(one: Case): ReadonlyMap<number, State> {
  const rows = new Map(rowsBefore(one));
  const change = (place: number, changes: Partial<State>): void => {
    const before = rows.get(place);
    if (before !== undefined) rows.set(place, { ...before, ...changes });
  };
  const { has, gets, crosses } = one.kind;
  const newcomer: State = { ...PLAIN, disk: has[0], container: has[1] };
  switch (one.change) {
    case 'tuple':
      change(VICTIM, { disk: gets[0], container: gets[1] });
      break;
    case 'crossing':
      change(VICTIM, { disk: crosses[0], container: crosses[1] });
      break;
    case 'swap':
      change(VICTIM, { disk: gets[0], container: gets[1] });
      change(PARTNER, { disk: has[0], container: has[1] });
      break;
    case 'unknown':
      // Collations of MySQL take it for the same.
      change(VICTIM, { disk: `${has[0].toUpperCase()} ` });
      break;
    case 'replaced':
      change(VICTIM, { status: 'deleted', row: 'deleted' });
      rows.set(NEWCOMER, newcomer);
      break;
    case 'new':
      rows.set(NEWCOMER, newcomer);
      break;
    case 'status':
      change(VICTIM, { status: 'killed' });
      break;
    case 'size':
      change(VICTIM, { size: 0 });
      break;
    case 'name':
      change(VICTIM, { name: 'vmlinuz-5' });
      break;
    case 'property':
      change(VICTIM, { evidence: 'own' });
      break;
  }
  return rows;
}

function idOf(number: number, place: number): string {
  return `${String(number).padStart(8, '0')}-0000-4000-8000-${String(place).padStart(12, '0')}`;
}

/** The decision that a live row must have; null for a soft-deleted one. */
function formOf(state: State): StoredForm | null {
  if (state.row === 'deleted') return null;
  const { image, ...rest } = evidence(state.disk, state.container, {
    image: { name: state.name, status: state.status, size: BigInt(state.size) },
    properties: state.evidence === 'own' ? { img_type: 'whole-disk' } : {},
  });
  return storedForm(shipped.decide({ image, ...rest }), image);
}

type Write = readonly [sql: string, bindings: readonly SqlValue[]];

/** Somebody who writes to the images in transactions of his own. */
interface Somebody {
  /** Tries once, without waiting. @returns false: a row is locked. */
  attempt(writes: readonly Write[]): Promise<boolean>;
  /** Waits until it goes through. */
  insist(writes: readonly Write[]): Promise<void>;
}

async function somebody(engine: EngineName, url: string): Promise<Somebody> {
  if (engine === 'sqlite') return somebodyAtTheFile(url.replace('sqlite:///', ''));
  const database = await openForTest(url);
  const attempt = async (writes: readonly Write[], first: readonly string[]): Promise<boolean> => {
    try {
      await database.transaction(async (trx) => {
        await runStatements(trx, first);
        for (const [sql, bindings] of writes) await trx.execute(sql, bindings);
      });
      return true;
    } catch (error) {
      if (database.dialect.classify(error) !== 'conflict') throw error;
      return false;
    }
  };
  const [hasty, patient] =
    engine === 'mariadb'
      ? ['SET SESSION innodb_lock_wait_timeout = 0', 'SET SESSION innodb_lock_wait_timeout = 50']
      : ["SET LOCAL lock_timeout = '20ms'", "SET LOCAL lock_timeout = '50s'"];
  return {
    attempt: async (writes) => attempt(writes, [hasty]),
    insist: async (writes) => {
      while (!(await attempt(writes, [patient])));
    },
  };
}

/** A transaction locks the whole file, and who waits for it lets nobody else in this process work. */
function somebodyAtTheFile(path: string): Somebody {
  const file = new BetterSqlite3(path, { timeout: 0 });
  onTestFinished(() => void file.close());
  const attempt = (writes: readonly Write[]): boolean => {
    try {
      file
        .transaction(() => {
          for (const [sql, bindings] of writes) file.prepare(sql).run(...bindings);
        })
        .immediate();
      return true;
    } catch (error) {
      if (error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_BUSY')) return false;
      throw error;
    }
  };
  return {
    attempt: async (writes) => Promise.resolve(attempt(writes)),
    insist: async (writes) => {
      while (!attempt(writes)) await Promise.resolve();
    },
  };
}

/** What somebody has to do to turn the rows of a case into what they are to be. */
function writesOf(engine: EngineName, number: number, one: Case): readonly Write[] {
  const before = rowsBefore(one);
  return [...rowsAfter(one)].flatMap(([place, state]): readonly Write[] => {
    const old = before.get(place);
    if (old === undefined) return insertions(engine, [[number, place, state]]);
    if (JSON.stringify(old) === JSON.stringify(state)) return [];
    if (old.evidence !== state.evidence) return [propertyOf(engine, [idOf(number, place)])];
    const { disk, container, status, size, name, row } = state;
    return [
      [
        `UPDATE images SET disk_format = ?, container_format = ?, status = ?, size = ?, name = ?, deleted = ${truth(engine, row === 'deleted' ? 'yes' : 'no')} WHERE id = ?`,
        [disk, container, status, size, name, idOf(number, place)],
      ],
    ];
  });
}

function truth(engine: EngineName, value: 'yes' | 'no'): string {
  const [no, yes] = engine === 'postgres' ? ['false', 'true'] : ['0', '1'];
  return value === 'yes' ? yes : no;
}

function insertions(engine: EngineName, rows: readonly (readonly [number, number, State])[]): readonly Write[] {
  const no = truth(engine, 'no');
  // SQLite reads in the order of its row numbers, and a new row must come among the others.
  const columns = `id, name, size, status, created_at, deleted, disk_format, container_format, min_disk, min_ram, protected, visibility, os_hidden${engine === 'sqlite' ? ', rowid' : ''}`;
  const tuples = rows.map(([number, place, { row }]) => {
    const position = engine === 'sqlite' ? `, ${number * 10 + place}` : '';
    return `(?, ?, ?, ?, '2020-01-01 00:00:00', ${truth(engine, row === 'deleted' ? 'yes' : 'no')}, ?, ?, 0, 0, ${no}, 'shared', ${no}${position})`;
  });
  const images: Write = [
    `INSERT INTO images (${columns}) VALUES ${tuples.join(', ')}`,
    rows.flatMap(([number, place, { name, size, status, disk, container }]) => [
      idOf(number, place),
      name,
      size,
      status,
      disk,
      container,
    ]),
  ];
  const owners = rows.filter(([, , state]) => state.evidence === 'own').map(([number, place]) => idOf(number, place));
  return owners.length === 0 ? [images] : [images, propertyOf(engine, owners)];
}

function propertyOf(engine: EngineName, ids: readonly string[]): Write {
  const values = ids.map(() => `(?, 'img_type', 'whole-disk', '2020-01-01 00:00:00', ${truth(engine, 'no')})`);
  return [`INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES ${values.join(', ')}`, ids];
}

/** What happened to a case so far. */
interface Course {
  /** Attempts to write its batch. */
  attempts: number;
  change: 'open' | 'waiting' | 'done';
  /** The calls of its first transaction. */
  calls: number;
}

/** How the change stood when the attempt that was committed wrote the journal, and when it wrote results. */
interface Attempt {
  journal: Course['change'] | null;
  results: Course['change'] | null;
  committed: Course['change'] | null;
}

describe.each(ENGINES)('a row that changes at any moment between reading and COMMIT on %s', (engine) => {
  it.each([COLUMNS, TABLE])('never gets a decision that its columns do not have ($kind)', async (target) => {
    const stage = await prepared(engine, target);
    const { courses, wrong } = await migrated(engine, target, stage);
    expect(wrong).toEqual([]);
    expect(courses.map(({ change }) => change).filter((change) => change !== 'done')).toEqual([]);
    // Otherwise there are moments without a case.
    expect(Math.max(...courses.map(({ calls }) => calls))).toBeLessThanOrEqual(CALLS);
    expect(Math.max(...courses.map(({ attempts }) => attempts))).toBeGreaterThan(1);
    const expected = CASES.flatMap((one, number) =>
      [...rowsAfter(one)].flatMap(([place, state]) => {
        const key = formOf(state)?.key;
        return key === undefined ? [] : [`${idOf(number, place)} ${nameOf(one)} ${key}`];
      }),
    );
    const rows = await stage.bench.reader.query(
      `SELECT r.image_id, r.decision_key FROM retype_journal r JOIN images i ON i.id = r.image_id WHERE NOT i.deleted ORDER BY r.image_id`,
    );
    expect(rows.map((row) => `${String(row['image_id'])} ${nameAt(row)} ${String(row['decision_key'])}`)).toEqual(
      expected.toSorted(),
    );
    expect(await runVerify(stage.bench)).toMatchObject({ sample: [], refreshable: 0 });
  });
});

function nameOf({ kind, change, moment }: Case): string {
  return `${kind.evidence} ${kind.has.join('/')}, ${change} at ${moment}`;
}

function nameAt(row: Readonly<Record<string, unknown>>): string {
  const one = CASES[Number(String(row['image_id']).slice(0, 8))];
  return one === undefined ? 'nobody' : nameOf(one);
}

interface Stage {
  readonly bench: Awaited<ReturnType<typeof openBench>>;
  readonly other: Somebody;
}

async function prepared(engine: EngineName, target: Target): Promise<Stage> {
  const { url } = await withFreshDatabase(engine);
  const database = await openForTest(url);
  await runStatements(database, newestSchema(database.dialect.name));
  const rows = CASES.flatMap((one, number) =>
    Array.from(rowsBefore(one), ([place, state]) => [number, place, state] as const),
  );
  await database.transaction(async (trx) => {
    for (let from = 0; from < rows.length; from += 200)
      for (const [sql, bindings] of insertions(engine, rows.slice(from, from + 200))) await trx.execute(sql, bindings);
  });
  const bench = await openBench(url);
  await runExpand(bench, target);
  return { bench, other: await somebody(engine, url) };
}

/** Migrates while somebody changes each case at its moment. @returns what was wrong right after a batch. */
async function migrated(
  engine: EngineName,
  target: Target,
  { bench, other }: Stage,
): Promise<{ readonly courses: readonly Course[]; readonly wrong: readonly string[] }> {
  const courses = CASES.map((): Course => ({ attempts: 0, change: 'open', calls: 0 }));
  const wrong: string[] = [];
  const waiting = new Map<number, Promise<void>>();
  const change = async (number: number): Promise<void> => {
    const [one, course] = [CASES[number], courses[number]];
    if (one === undefined || course === undefined || course.change !== 'open') return;
    const writes = writesOf(engine, number, one);
    if (await other.attempt(writes)) {
      course.change = 'done';
      return;
    }
    course.change = 'waiting';
    // On SQLite nobody can wait: it is done once the transaction has ended.
    if (engine !== 'sqlite') waiting.set(number, other.insist(writes));
  };
  const settle = async (number: number): Promise<void> => {
    const [one, course] = [CASES[number], courses[number]];
    if (one === undefined || course?.change !== 'waiting') return;
    await (waiting.get(number) ?? other.insist(writesOf(engine, number, one)));
    course.change = 'done';
  };
  const alone = turns(engine);

  let pages = 0;
  let begun: Promise<unknown> = Promise.resolve();
  const reader = changedDatabase(bench.reader, {
    query: async (sql, bindings, limits) => {
      if (typeof sql === 'string' && / AS row_digest FROM images i /.test(sql)) {
        const number = pages;
        pages += 1;
        const changed = alone(async () => {
          if (CASES[number]?.moment === 'page') await change(number);
          // That page was read, and its batch is handed out only after this query was asked for.
          if (CASES[number - 2]?.moment === 'begin') await change(number - 2);
        });
        begun = changed;
        await changed;
      }
      return bench.reader.query(sql, bindings, limits);
    },
  });
  const writer = changedDatabase(bench.writer, {
    transaction: async (work) => {
      await begun;
      return alone(async () => {
        let number = -1;
        let calls = 0;
        const attempt: Attempt = { journal: null, results: null, committed: null };
        const call = async (sql: string, batch: number | null): Promise<void> => {
          const isFirst = calls === 0;
          calls += 1;
          if (isFirst) {
            number = batch === null ? -1 : batch - 1;
            const course = courses[number];
            if (course !== undefined) course.attempts += 1;
          }
          const course = courses[number];
          if (course === undefined) return;
          course.calls = Math.max(course.calls, calls);
          const { moment } = CASES[number] ?? {};
          if (typeof moment === 'number' && (moment === calls - 1 || (sql === 'COMMIT' && moment >= calls)))
            await change(number);
          if (sql === 'native' || sql.startsWith('INSERT INTO retype_journal')) attempt.journal ??= course.change;
          if (/^UPDATE.*image_type/s.test(sql)) attempt.results = course.change;
          if (sql === 'COMMIT') attempt.committed = course.change;
        };
        try {
          const result = await bench.writer.transaction(async (trx) => {
            const value = await work(watched(trx, call));
            await call('COMMIT', null);
            return value;
          });
          if (CASES[number] !== undefined) wrong.push(...(await lookAt(bench.writer, target, number, attempt)));
          return result;
        } finally {
          await settle(number);
        }
      });
    },
  });
  const quick = await benchOf(writer, reader);
  const sizes = CASES.map((one) => (one.moment === 'page' ? rowsAfter(one).size : rowsBefore(one).size));
  const size = { next: () => sizes.shift() ?? 50, took: () => undefined };
  // Side by side, because each batch that is tried again pauses before.
  expect((await runMigrate(quick, { lanes: 8, size })).end).toBe('complete');
  return { courses, wrong };
}

/** On SQLite one transaction at a time, and nobody else's beside it; elsewhere everybody at once. */
function turns(engine: EngineName): <T>(work: () => Promise<T>) => Promise<T> {
  if (engine !== 'sqlite') return async (work) => work();
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** The same transaction with somebody who is told of each call before it is made. */
function watched(trx: Executor, call: (sql: string, batch: number | null) => Promise<void>): Executor {
  return new Proxy(trx, {
    get: (_, key): unknown => {
      const value: unknown = Reflect.get(trx, key, trx);
      if (typeof value !== 'function') return value;
      const bound = value.bind(trx) as (...values: readonly unknown[]) => unknown;
      if (key !== 'query' && key !== 'execute' && key !== 'native') return bound;
      return async (...values: readonly unknown[]): Promise<unknown> => {
        const statement = values[0] as SqlStatement;
        await call(
          key === 'native' ? key : typeof statement === 'string' ? statement : 'built',
          key === 'execute' ? batchIn(statement) : null,
        );
        return bound(...values);
      };
    },
  });
}

/** The number of the batch whose row is inserted; null for any other statement. */
function batchIn(statement: SqlStatement): number | null {
  if (typeof statement === 'string') return null;
  const { sql, bindings } = statement(SQLITE_BUILDER).toSQL();
  const columns = /^insert into `retype_batches` \(([^)]*)\)/.exec(sql)?.[1]?.split(', ') ?? [];
  const at = columns.indexOf('`batch`');
  return at === -1 ? null : Number(bindings[at]);
}

/** Compares journal and results of a case with what its rows were when they were written. */
async function lookAt(
  database: Database,
  target: Target,
  number: number,
  { journal, results, committed }: Attempt,
): Promise<readonly string[]> {
  const one = CASES[number];
  if (one === undefined) return [];
  const [before, after] = [rowsBefore(one), rowsAfter(one)];
  const columns = target.kind === 'columns' ? ', i.image_type, i.container_type, i.envelope' : '';
  const rows = await database.query(
    `SELECT i.id, r.decision_key${columns} FROM images i LEFT JOIN retype_journal r ON r.image_id = i.id WHERE i.id > ? AND i.id < ?`,
    [idOf(number, 0), idOf(number, 9)],
  );
  return rows.flatMap((row) => {
    const id = String(row['id']);
    const place = Number(id.slice(-1));
    const at = (change: Course['change'] | null): StoredForm | null => {
      const state = (change === 'done' ? after : before).get(place);
      return state === undefined ? null : formOf(state);
    };
    const said = (what: string): string => `${nameOf(one)}: row ${place} ${what}`;
    const problems: string[] = [];
    // A name and what is no column are compared by the last pass.
    const isGuarded = !['name', 'property'].includes(one.change);
    const key = keyText(row['decision_key']);
    if (key !== null && isGuarded) {
      const allowed = [at(journal), at(committed)].map((form) => form?.key);
      if (!allowed.includes(key)) problems.push(said('is journaled as what it was not'));
    }
    const written = [row['image_type'], row['container_type'], row['envelope']].map((value) => value ?? null);
    const form = at(results);
    const due = form === null ? [] : [form.imageType, form.containerType, form.envelope];
    if (written.some((value) => value !== null) && JSON.stringify(written) !== JSON.stringify(due))
      problems.push(said(`has the results ${JSON.stringify(written)} of what it was not`));
    return problems;
  });
}
