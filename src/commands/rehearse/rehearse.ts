import { randomInt } from 'node:crypto';

import { addressText } from '../../db/connection/address-text.ts';
import type { Database } from '../../db/database.ts';
import type { ScratchPlace } from '../../db/engines/scratch.ts';
import { introspectGlance } from '../../glance/introspect.ts';
import { columnList, DEFAULT_COLUMN_NAMES, type Target } from '../../journal/meta.ts';
import type { ExitCode } from '../../model/error-codes.ts';
import { RetypeError } from '../../model/error.ts';
import { openFileSink } from '../../report/output/sinks.ts';
import { countText } from '../../report/words/number-text.ts';
import { jsonText } from '../../report/words/safe-text.ts';
import { timestamp } from '../../run/context/context.ts';
import { findMeta, grantObjections, refuseIfAny } from '../../run/preflight.ts';
import { neededTables } from '../../run/rehearse/copy-tables.ts';
import { mark, requireEmpty } from '../../run/rehearse/marker.ts';
import { rehearse, type Rehearsal } from '../../run/rehearse/rehearse.ts';
import { journalBytes, mebibytes, roomFor, writeObjections } from '../../run/write-hazards.ts';
import { askedPace, batchPaceOptions } from '../options/batch-pace.ts';
import { databaseOptions, databaseSpec } from '../options/database.ts';
import { decidingOptions, loadDeciding } from '../options/deciding.ts';
import { GROUPS, jsonFile, YES_OPTION } from '../options/kinds.ts';
import { wholeNumber } from '../options/numbers.ts';
import { probeChoice } from '../options/probe.ts';
import { metricsOption } from '../options/speech.ts';
import { attend } from '../session/attendance.ts';
import { confirm } from '../session/confirm.ts';
import { defineDatabaseCommand } from '../session/database.ts';
import { noteOutcome, say } from '../log/log.ts';
import { printOn } from '../session/output.ts';
import { isDeadProcess, leaseHolder } from '../session/process-identity.ts';
import { toolVersion } from '../log/version.ts';
import { certificateRecord, certificateText, type Circumstances, reasonsAgainst } from './certificate.ts';
import { rehearsedWords } from './rehearsed-words.ts';
import { scratchOf, scratchOptions } from './scratch-choice.ts';
import { commandStarter } from './start-command.ts';

const KILLS = { usual: 5, most: 100 };
const SEEDS = 2 ** 31;

export const rehearseCommand = defineDatabaseCommand({
  options: (yargs) =>
    metricsOption(batchPaceOptions(decidingOptions(scratchOptions(databaseOptions(yargs)))))
      .option('target', {
        group: GROUPS.target,
        choices: ['columns', 'table'] as const,
        describe: 'as for expand: where results go (default: as expand did it, else columns)',
      })
      .option('column-names', {
        group: GROUPS.target,
        type: 'string',
        requiresArg: true,
        describe: 'as for expand: names of the result columns',
      })
      .option('kills', {
        group: GROUPS.rehearsal,
        requiresArg: true,
        describe: `how often to end migrate with kill -9, 0 to ${KILLS.most} (default: ${KILLS.usual})`,
      })
      .option('seed', {
        group: GROUPS.rehearsal,
        requiresArg: true,
        describe: 'a whole number that decides when to kill, to repeat a rehearsal (default: drawn, and printed)',
      })
      .option('certificate', { ...jsonFile('the certificate'), requiresArg: true, alias: 'json' })
      .option('yes', YES_OPTION),
  run: async (options, session) => {
    askedPace(options);
    const kills = options.kills === undefined ? KILLS.usual : wholeNumber('--kills', options.kills, 0, KILLS.most);
    const seed = options.seed === undefined ? randomInt(SEEDS) : wholeNumber('--seed', options.seed, 0, SEEDS - 1);
    const choice = probeChoice(options, process.env);
    const deciding = loadDeciding(options);
    const spec = databaseSpec(options, process.env);
    const place = scratchOf(options, spec, process.env);
    await using reader = await session.open(spec, 'read-only');
    const schema = await introspectGlance(reader, deciding);
    const expanded = (await findMeta(reader))?.target ?? null;
    const target = targetOf(options, expanded);
    refuseIfAny(await sourceObjections(reader, schema, target));
    const tables = await neededTables(reader);
    const bytes = (await reader.dialect.copying.storedBytes(reader, tables)) + (await journalBytes(reader));
    const isThere = await place.isThere();
    if (isThere) {
      await using found = await session.open(place.spec, 'read-write');
      await requireEmpty(found, place, isDeadProcess);
    }
    const words = rehearsedWords(options, choice, expanded);
    const certificate = options.certificate ?? null;
    const sink =
      certificate === null
        ? null
        : await openFileSink({ option: '--certificate', file: certificate, stdout: process.stdout });
    try {
      const images = await countImages(reader);
      await confirm(
        [
          `This will rehearse the migration of ${reader.label} (${reader.dialect.serverVersion}, Glance ${schema.era}):`,
          `  copied:  ${tables.join(', ')} (${countText(images)} images), into ${place.text}${isThere ? ', which is empty' : ', which is made for it'}`,
          `  room:    up to about ${mebibytes(bytes)} for the copy and its journal`,
          `  run:     expand, migrate, verify and rollback, twice; the second migrate is killed ${kills} times (seed ${seed})`,
          options.keepScratch === true
            ? '  kept:    the scratch schema stays (--keep-scratch)'
            : `  dropped: ${place.text}, at the end, with everything in it`,
          '  The source is read, never written. Reading and the scratch schema are load for their servers.',
        ],
        options.yes === true ? 'yes' : 'ask',
      );
      using attendance = attend('stopping; the scratch schema is dropped');
      const { progress, stop } = attendance;
      const startedAt = timestamp();
      if (!isThere) await made(place, reader);
      let rehearsal: Rehearsal;
      let scratchServer: string;
      let kept: 'kept' | 'dropped' = 'kept';
      try {
        await using scratch = await session.open(place.spec, 'read-write');
        scratchServer = scratch.dialect.serverVersion;
        await requireEmpty(scratch, place, isDeadProcess);
        refuseIfAny(await roomFor(scratch, bytes, 'the copy and its journal'));
        const { host, process: identity } = leaseHolder('rehearse');
        await mark(scratch, { host, process: identity, toolVersion: toolVersion(), startedAt });
        rehearsal = await rehearse({
          reader,
          scratch,
          leftOut: expanded?.kind === 'columns' ? columnList(expanded.names) : [],
          onEvent: progress,
          stop,
          start: commandStarter(
            process.argv[1] ?? '',
            {
              GLANCE_RETYPE_DATABASE_URL: addressText(place.spec),
              ...(options.osToken === undefined ? {} : { OS_TOKEN: options.osToken }),
            },
            progress,
          ),
          words: words.commands,
          kills,
          seed,
          batchSize: options.batchSize === undefined ? 'ours' : 'given',
        });
      } finally {
        progress.done();
        if (options.keepScratch !== true) kept = await dropped(place);
      }
      const around: Circumstances = {
        toolVersion: toolVersion(),
        createdAt: startedAt,
        database: reader.label,
        server: reader.dialect.serverVersion,
        era: schema.era,
        scratch: place.text,
        scratchServer,
        rulesDigest: deciding.rulesDigest,
        answersDigest: deciding.answers?.digest ?? null,
        probe: choice.mode,
        target: target.kind,
        pace: words.pace,
        killsAsked: kills,
        seed,
      };
      const reasons = reasonsAgainst(rehearsal, kills);
      noteOutcome({
        result: reasons.length === 0 ? 'rehearsal passed' : `rehearsal failed: ${reasons.join('; ')}`,
        next: null,
      });
      if (rehearsal.end === 'stopped') {
        await printOn(
          certificate === '-' ? 'stderr' : 'stdout',
          () => `Stopped, nothing is certified; ${scratchText(place, kept)}.\n`,
        );
        return 3;
      }
      await sink?.write(`${jsonText(certificateRecord(rehearsal, around))}\n`);
      await sink?.end();
      await printOn(certificate === '-' ? 'stderr' : 'stdout', (style) =>
        [
          `${certificateText(rehearsal, around, style)}\n`,
          `The source was not written; ${scratchText(place, kept)}.\n`,
          ...(certificate === null || certificate === '-' ? [] : [`The certificate is in ${certificate}.\n`]),
        ].join(''),
      );
      return exitCodeOf(rehearsal, reasons);
    } finally {
      await sink?.discard();
    }
  },
});

/** Objections that stand against production as well; a standby is as good a source as its primary. */
async function sourceObjections(
  reader: Database,
  schema: Awaited<ReturnType<typeof introspectGlance>>,
  target: Target,
): Promise<Awaited<ReturnType<typeof writeObjections>>> {
  const objections = await writeObjections(reader, schema, target);
  return [
    ...(await grantObjections(reader, 'images', ['select'])),
    ...(await grantObjections(reader, 'image_properties', ['select'])),
    ...objections.filter(({ code }) => code !== 'SERVER_READ_ONLY' && code !== 'DISK_ROOM'),
  ];
}

function targetOf(options: { readonly target?: 'columns' | 'table' | undefined }, expanded: Target | null): Target {
  if (options.target === 'table') return { kind: 'table' };
  if (options.target === 'columns') return { kind: 'columns', names: DEFAULT_COLUMN_NAMES };
  return expanded ?? { kind: 'columns', names: DEFAULT_COLUMN_NAMES };
}

async function countImages(reader: Database): Promise<number> {
  const [row] = await reader.query('SELECT COUNT(*) AS n FROM images');
  return Number(row?.['n'] ?? 0);
}

/** @throws RetypeError MISSING_GRANT where this account may not make it. */
async function made(place: ScratchPlace, reader: Database): Promise<void> {
  try {
    await place.make();
  } catch (error) {
    const denied = reader.dialect.classify(error) === 'permission-denied';
    const code = (error as { readonly code?: unknown }).code;
    if (!denied && code !== 'EACCES' && code !== 'EROFS') throw error;
    throw new RetypeError(
      'MISSING_GRANT',
      {
        place: place.text,
        expected: 'an account that may make it, fill it and drop it',
        found: 'no right to make it',
        advice: `let an administrator grant it: ${place.grantText} Or name a place where this account may, with --scratch or --scratch-url`,
      },
      error,
    );
  }
}

/** Sessions of a process that was killed may hold locks for a moment longer. */
const DROP_ATTEMPTS = 10;

async function dropped(place: ScratchPlace): Promise<'kept' | 'dropped'> {
  for (let attempt = 1; attempt <= DROP_ATTEMPTS; attempt += 1) {
    try {
      await place.drop();
      return 'dropped';
    } catch (error) {
      if (attempt === DROP_ATTEMPTS) {
        const reason = error instanceof Error ? error.message : String(error);
        say({ kind: 'warning', text: `${place.text} could not be dropped: ${reason}` });
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  return 'kept';
}

function scratchText(place: ScratchPlace, kept: 'kept' | 'dropped'): string {
  return kept === 'dropped'
    ? `${place.text} was dropped`
    : `${place.text} is still there; drop it with: ${place.dropText}`;
}

/** 7 where anything differs; what a command ended with where one could not do its work. */
function exitCodeOf(rehearsal: Rehearsal, reasons: readonly string[]): ExitCode {
  if (rehearsal.broken !== null) return isExitCode(rehearsal.broken.end.code) ? rehearsal.broken.end.code : 8;
  return reasons.length === 0 ? 0 : 7;
}

function isExitCode(code: number | null): code is ExitCode {
  return code !== null && code >= 1 && code <= 8;
}
