import { introspectGlance } from '../glance/introspect.ts';
import { explainRecord } from '../report/records/explain-record.ts';
import { renderExplanation } from '../report/terminal/explain/explain.ts';
import type { Explanation } from '../rules/trace/explanation.ts';
import { explain } from '../run/explain.ts';
import { grantObjections, refuseIfAny } from '../run/preflight.ts';
import { attend } from './session/attendance.ts';
import { defineCommand } from './session/command.ts';
import { commandTail, databaseOptions, databaseSpec, type DatabaseOptions } from './options/database.ts';
import { decidingOptions, decidingTail, loadDeciding, type DecidingOptions } from './options/deciding.ts';
import { probeChoice } from './options/probe.ts';
import { reportHeader } from './session/report-header.ts';
import { shellWord } from '../report/words/shell-word.ts';
import { print, styleOf, writeJson } from './session/output.ts';
import { openContent } from './session/content.ts';

interface ExplainOptions extends DatabaseOptions, DecidingOptions {
  readonly image: string;
  readonly json: string | undefined;
}

/** The options as yargs hands them over, as far as suggested commands repeat them. */
type Given = Parameters<typeof commandTail>[0] & Parameters<typeof decidingTail>[0];

export const explainCommand = defineCommand<ExplainOptions>({
  options: (yargs) =>
    decidingOptions(databaseOptions(yargs))
      .positional('image', {
        type: 'string',
        demandOption: true,
        describe: 'the id of the image, as images.id has it; soft-deleted ones are explained too',
      })
      .option('json', {
        type: 'string',
        requiresArg: true,
        describe: 'write all of it as JSON to this file; - is standard output',
      }),
  run: async (options, session) => {
    const choice = probeChoice(options, process.env);
    const deciding = await loadDeciding(options);
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

/** What may be done about the image, each line as it would be typed. */
function nextCommands({ evidence, decision, stored }: Explanation, given: Given): readonly string[] {
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
    ...(stale ? [`glance-retype migrate${database}${deciding}     # decides it anew and writes`] : []),
    ...(written ? [`glance-retype rollback${database} --image ${id}     # takes back what was written of it`] : []),
  ];
}
