import { introspectGlance } from '../glance/introspect.ts';
import type { RetypeError } from '../model/error.ts';
import { explainRecord } from '../report/records/explain-record.ts';
import { renderExplanation } from '../report/terminal/explain/explain.ts';
import type { Explanation } from '../rules/trace/trace.ts';
import { createPhaseClock } from '../run/context/phase-clock.ts';
import { explain } from '../run/explain.ts';
import { plan } from '../run/plan.ts';
import { grantObjections, refuseIfAny } from '../run/preflight.ts';
import { attend } from './session/attendance.ts';
import { defineDatabaseCommand, type Session } from './session/database.ts';
import { commandTail, databaseOptions, databaseSpec, type GivenDatabase } from './options/database.ts';
import { BEHIND_DASHES, GROUPS, jsonFile } from './options/kinds.ts';
import { pageSizeOf } from './options/pages.ts';
import { usageError } from './options/usage.ts';
import { decidingOptions, decidingTail, type GivenDeciding, loadDeciding } from './options/deciding.ts';
import { probeChoice } from './options/probe.ts';
import { type GivenServices, servicesOptions, servicesTail } from './options/services.ts';
import { reportHeader } from './session/report-header.ts';
import { shellWord } from '../report/words/shell-word.ts';
import { print, styleOf, writeJson } from './session/output.ts';
import { openContent } from './session/content.ts';

export const explainCommand = defineDatabaseCommand({
  options: (yargs) =>
    servicesOptions(decidingOptions(databaseOptions(yargs)))
      .positional('image', {
        type: 'string',
        describe:
          'id of the image, as in images.id, or its name where no other image has it; soft-deleted images are explained too, by their ids; an id that begins with a dash comes last, behind --',
      })
      .option('full', {
        group: GROUPS.output,
        type: 'boolean',
        describe: 'also print the evidence, every rule that was tried, and all that is stored',
      })
      .option('json', jsonFile('all of it')),
  run: async (options, session) => {
    if (options.image === undefined) throw await noImageNamed(options, session);
    const image = options.image.replace(BEHIND_DASHES, '');
    const choice = probeChoice(options, process.env);
    const deciding = loadDeciding(options);
    await using reader = await session.open(databaseSpec(options, process.env), 'read-only');
    refuseIfAny(await grantObjections(reader, 'images', ['select']));
    const schema = await introspectGlance(reader, deciding);
    using attendance = attend('stopping');
    const { progress, stop } = attendance;
    const around = { reader, schema, onEvent: progress, stop };
    using content = await openContent(choice, { ...around, decide: deciding.base });
    const { lookInside } = content;
    const { decide, table, foreseen } = deciding;
    const explanation = await explain({ ...around, decide, table, predict: foreseen.predict, lookInside }, image);
    content.tell();
    progress.done();
    if (explanation === null) return 3;
    const header = await reportHeader(reader, schema, deciding, choice.mode);
    const next = nextCommands(explanation, options);
    await writeJson(options.json, () => explainRecord(explanation, header, next));
    if (options.json !== '-') {
      const extent = options.full === true ? 'everything' : 'answer';
      await print(
        renderExplanation(
          explanation,
          { header, next, serviceTitles: foreseen.titles },
          extent,
          styleOf(process.stdout),
        ),
      );
    }
    return 0;
  },
});

/** Undecided images named where no image was. */
const EXAMPLES = 3;
/** Rows read to find them: a moment's work. */
const MOST_READ = 20_000;

/** The error for a command line without an image: what is missing, where ids come from, and some of this database. */
async function noImageNamed(
  options: GivenDatabase & GivenDeciding & GivenServices,
  session: Pick<Session, 'open'>,
): Promise<RetypeError> {
  const examples = await undecidedIds(options, session).catch(() => []);
  const tail = `${commandTail(options)}${decidingTail(options)}${servicesTail(options)}`;
  const [first = 'IMAGE_ID'] = examples;
  const found =
    examples.length === 0 ? 'no image' : `no image; undecided ones of this database: ${examples.join(', ')}`;
  return usageError(
    'explain',
    `an image id, as in images.id (a UUID; in old releases a number): ${explainLine(first, tail)}`,
    found,
    'take an id from `openstack image list`, from `glance-retype plan --csv -`, or from a question of `glance-retype plan`',
  );
}

/** Some undecided images of the database that the options lead to. */
async function undecidedIds(
  options: GivenDatabase & GivenDeciding & GivenServices,
  session: Pick<Session, 'open'>,
): Promise<readonly string[]> {
  const deciding = loadDeciding(options);
  await using reader = await session.open(databaseSpec(options, process.env), 'read-only');
  const schema = await introspectGlance(reader, deciding);
  const ids: string[] = [];
  let read = 0;
  const context = {
    reader,
    schema,
    decide: deciding.decide,
    onEvent: () => undefined,
    stop: { requested: () => ids.length >= EXAMPLES || read >= MOST_READ },
    size: pageSizeOf(undefined),
    columns: 'all' as const,
    clock: createPhaseClock(),
  };
  await plan(context, ({ image }, { status }) => {
    read += 1;
    if (ids.length < EXAMPLES && (status === 'ambiguous' || status === 'unmappable')) ids.push(image.id);
  });
  return ids;
}

/** An id that begins with a dash comes last, or it would be read as an option. */
function explainLine(id: string, tail: string): string {
  const word = shellWord(id);
  return id.startsWith('-') ? `glance-retype explain${tail} -- ${word}` : `glance-retype explain ${word}${tail}`;
}

function nextCommands(
  { evidence, decision, stored }: Explanation,
  given: GivenDatabase & GivenDeciding & GivenServices,
): readonly string[] {
  const { id } = evidence.image;
  const database = commandTail(given);
  const deciding = decidingTail(given);
  const services = servicesTail(given);
  const open = decision.status === 'ambiguous' || decision.status === 'unmappable';
  const written = stored.kind === 'expanded' && stored.current !== null;
  const stale =
    stored.kind === 'expanded' && ['not-stored', 'legacy-changed', 'decision-changed'].includes(stored.comparison);
  return [
    ...(open && evidence.content === undefined
      ? [
          `${explainLine(id, `${database}${deciding}${services} --probe all --store-path DIR`)}     # what do its bytes say?`,
        ]
      : []),
    ...(open
      ? [`glance-retype plan${database}${deciding}${services} --questions answers.yaml     # asks about it`]
      : []),
    ...(stale ? [`glance-retype migrate${database}${deciding}     # decides it again and writes`] : []),
    ...(written
      ? [
          `glance-retype rollback${database} --image${id.startsWith('-') ? '=' : ' '}${shellWord(id)}     # takes back what was written to it`,
        ]
      : []),
  ];
}
