import { introspectGlance } from '../glance/introspect.ts';
import { explainRecord } from '../report/records/explain-record.ts';
import { renderExplanation } from '../report/terminal/explain/explain.ts';
import type { Explanation } from '../rules/trace/trace.ts';
import { explain } from '../run/explain.ts';
import { grantObjections, refuseIfAny } from '../run/preflight.ts';
import { attend } from './session/attendance.ts';
import { defineDatabaseCommand } from './session/database.ts';
import { commandTail, databaseOptions, databaseSpec, type GivenDatabase } from './options/database.ts';
import { jsonFile } from './options/kinds.ts';
import { decidingOptions, decidingTail, type GivenDeciding, loadDeciding } from './options/deciding.ts';
import { probeChoice } from './options/probe.ts';
import { reportHeader } from './session/report-header.ts';
import { shellWord } from '../report/words/shell-word.ts';
import { print, styleOf, writeJson } from './session/output.ts';
import { openContent } from './session/content.ts';

export const explainCommand = defineDatabaseCommand({
  options: (yargs) =>
    decidingOptions(databaseOptions(yargs))
      .positional('image', {
        type: 'string',
        demandOption: true,
        describe: 'id of the image, as in images.id; soft-deleted images are explained too',
      })
      .option('json', jsonFile('all of it')),
  run: async (options, session) => {
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
    const { decide, table } = deciding;
    const explanation = await explain({ ...around, decide, table, lookInside }, options.image);
    content.tell();
    progress.done();
    if (explanation === null) return 3;
    const header = await reportHeader(reader, schema, deciding, choice.mode);
    const next = nextCommands(explanation, options);
    await writeJson(options.json, () => explainRecord(explanation, header, next));
    if (options.json !== '-') {
      await print(renderExplanation(explanation, { header, next }, styleOf(process.stdout)));
    }
    return 0;
  },
});

function nextCommands(
  { evidence, decision, stored }: Explanation,
  given: GivenDatabase & GivenDeciding,
): readonly string[] {
  const id = shellWord(evidence.image.id);
  const database = commandTail(given);
  const deciding = decidingTail(given);
  const open = decision.status === 'ambiguous' || decision.status === 'unmappable';
  const written = stored.kind === 'expanded' && stored.current !== null;
  const stale =
    stored.kind === 'expanded' && ['not-stored', 'legacy-changed', 'decision-changed'].includes(stored.comparison);
  return [
    ...(open && evidence.content === undefined
      ? [`glance-retype explain ${id}${database}${deciding} --probe all --store-path DIR     # what do its bytes say?`]
      : []),
    ...(open ? [`glance-retype plan${database}${deciding} --questions answers.yaml     # asks about it`] : []),
    ...(stale ? [`glance-retype migrate${database}${deciding}     # decides it again and writes`] : []),
    ...(written ? [`glance-retype rollback${database} --image ${id}     # takes back what was written to it`] : []),
  ];
}
