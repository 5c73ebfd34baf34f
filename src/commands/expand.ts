import { introspectGlance } from '../glance/introspect.ts';
import type { GlanceSchema } from '../glance/tables/schema.ts';
import { WHOLE } from '../journal/lease.ts';
import { type ColumnNames, DEFAULT_COLUMN_NAMES, type Target } from '../journal/meta.ts';
import { renderKeyValues } from '../report/terminal/layout/section.ts';
import { findMeta, refuseIfAny } from '../run/preflight.ts';
import { addColumns, describeTarget, makeTables, previewExpand } from '../run/schema/expand.ts';
import type { SchemaContext } from '../run/schema/schema-change.ts';
import { writeRemarks } from '../run/write-hazards.ts';
import { tellDryRun } from './dry-run/text.ts';
import { commandTail, databaseOptions, databaseSpec } from './options/database.ts';
import { GROUPS, jsonFile } from './options/kinds.ts';
import { accessOf, answerOf, writingOptions } from './options/writing.ts';
import { expandRecord } from './documents/schema-records.ts';
import { usageError } from './options/usage.ts';
import { attend } from './session/attendance.ts';
import { confirm } from './session/confirm.ts';
import { defineDatabaseCommand } from './session/database.ts';
import { holdLease } from './session/held-lease.ts';
import { deliver } from './session/deliver.ts';
import { stoppedText } from './session/output.ts';
import { noteOutcome } from './log/log.ts';
import { toolVersion } from './log/version.ts';

export const expandCommand = defineDatabaseCommand({
  options: (yargs) =>
    writingOptions(databaseOptions(yargs))
      .option('target', {
        group: GROUPS.target,
        choices: ['columns', 'table'] as const,
        describe:
          'where results go: columns of images (default), or only the journal, read through the view retype_images; remembered for later commands',
      })
      .option('column-names', {
        group: GROUPS.target,
        type: 'string',
        requiresArg: true,
        describe: 'names of the result columns, TYPE,CONTAINER,ENVELOPE (default: image_type,container_type,envelope)',
      })
      .option('json', jsonFile('the result')),
  run: async (options, session) => {
    await using writer = await session.open(databaseSpec(options, process.env), accessOf(options));
    using attendance = attend('stopping after the current statement');
    const { progress, stop } = attendance;
    const remembered = await findMeta(writer);
    const target = chosenTarget(options) ?? remembered?.target ?? { kind: 'columns', names: DEFAULT_COLUMN_NAMES };
    const schema = await introspectGlance(writer);
    const { plan: expansion, statements, objections } = await previewExpand(writer, schema, target);
    const migrate = `glance-retype migrate${commandTail(options)}`;
    if (expansion.kind === 'nothing') {
      const kept = { end: 'already-expanded', target: expansion.meta.target, columns: [], tables: [] } as const;
      await deliver(options.json, {
        record: () => expandRecord({ ...kept, database: writer.label, exitCode: 0, next: [migrate] }),
        text: () => `Already expanded: ${describeTarget(expansion.meta.target)}. Nothing to do.\n`,
      });
      return 0;
    }
    const intent = [
      `This will change the schema of ${writer.label} (${writer.dialect.serverVersion}, Glance ${schema.era}):`,
      `  columns on images:  ${listed(expansion.columns)}`,
      `  tables to create:   ${listed(expansion.tables)}`,
      '  Nothing that Glance reads or writes is touched; `rollback` takes all of it away again.',
      ...(await writeRemarks(writer, schema, target)).map((remark) => `  ${remark}`),
    ];
    const answer = answerOf(options);
    if (answer === 'dry-run') {
      const next = `glance-retype expand${commandTail(options)}`;
      const database = writer.label;
      await tellDryRun(options.json, { command: 'expand', database, intent, statements, objections, next });
      return 0;
    }
    refuseIfAny(objections);
    await confirm(intent, answer);
    const added = await expandSchema({ writer, onEvent: progress, stop }, schema, target);
    progress.done();
    if (added === 'stopped') {
      const again = `expand${commandTail(options)}`;
      const stopped = { end: 'stopped', target, columns: [], tables: [] } as const;
      await deliver(options.json, {
        record: () =>
          expandRecord({ ...stopped, database: writer.label, exitCode: 3, next: [`glance-retype ${again}`] }),
        text: () => stoppedText(again),
      });
      return 3;
    }
    noteOutcome({ result: describeTarget(target), next: migrate });
    const done = { end: 'done', target, columns: added, tables: expansion.tables } as const;
    await deliver(options.json, {
      record: () => expandRecord({ ...done, database: writer.label, exitCode: 0, next: [migrate] }),
      text: (style) =>
        `${renderKeyValues(
          [
            ['Expanded', describeTarget(target)],
            ['Columns', listed(added)],
            ['Tables', listed(expansion.tables)],
            ['Next', migrate],
          ],
          style,
        )}\n`,
    });
    return 0;
  },
});

async function expandSchema(
  context: SchemaContext,
  schema: GlanceSchema,
  target: Target,
): Promise<readonly string[] | 'stopped'> {
  if ((await makeTables(context, schema, target, toolVersion())) === 'stopped') return 'stopped';
  await using held = await holdLease(context.writer, { purpose: 'expand', scope: WHOLE, ...context });
  return await addColumns(context, held.lease, target);
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

function chosenTarget(options: {
  readonly target?: 'columns' | 'table' | undefined;
  readonly columnNames?: string | undefined;
}): Target | null {
  if (options.target === 'table') {
    if (options.columnNames !== undefined) {
      throw usageError(
        '--column-names',
        'no column names with --target table',
        options.columnNames,
        'leave one of the two out',
      );
    }
    return { kind: 'table' };
  }
  if (options.columnNames !== undefined) {
    return { kind: 'columns', names: parseNames(options.columnNames) };
  }
  return options.target === 'columns' ? { kind: 'columns', names: DEFAULT_COLUMN_NAMES } : null;
}

/** Plain identifiers only: they reach DDL, and every engine must take them unquoted as well. */
function parseNames(text: string): ColumnNames {
  const [imageType, containerType, envelope, ...rest] = text.split(',').map((name) => name.trim());
  const names = [imageType, containerType, envelope];
  const plain = names.every((name) => name !== undefined && /^[a-z_][a-z0-9_]{0,62}$/u.test(name));
  if (
    rest.length > 0 ||
    !plain ||
    imageType === undefined ||
    containerType === undefined ||
    envelope === undefined ||
    new Set(names).size !== 3
  ) {
    throw usageError(
      '--column-names',
      'three different names of lower-case letters, digits and _, separated by commas',
      text,
      'for example --column-names retype_type,retype_container,retype_envelope',
    );
  }
  return { imageType, containerType, envelope };
}
