import { introspectGlance } from '../glance/introspect.ts';
import { SEVERITIES, type Severity } from '../model/finding.ts';
import { gateExitCode, type GateNode, type GateResult } from '../model/gate.ts';
import type { PlanSummary } from '../report/plan/report.ts';
import { createPlanSummary } from '../report/plan/summary.ts';
import { gateRecord } from '../report/records/command-records.ts';
import { renderGate } from '../report/terminal/gate.ts';
import { countText, imagesText } from '../report/words/number-text.ts';
import { askedImages } from '../report/words/verdict.ts';
import { gateServices, serviceReason } from '../run/gate/services.ts';
import { formatReasons, type KnowsWord } from '../run/gate/formats.ts';
import { type GateFacts, inspectGate } from '../run/gate/gate.ts';
import { databaseReasons } from '../run/gate/reasons.ts';
import { grantObjections, refuseIfAny } from '../run/preflight.ts';
import { undecidedCount } from '../run/verify/verify.ts';
import { defineDatabaseCommand } from './session/database.ts';
import { compareNodeOptions, nodeSpecs } from './options/compare-node.ts';
import { confInForce, databaseOptions, databaseSpec, isDatabaseNamed } from './options/database.ts';
import { GROUPS, jsonFile, REPEATABLE } from './options/kinds.ts';
import { decidingOptions, inputsOf, loadDeciding } from './options/deciding.ts';
import { requiredServices, unknownNotes } from './gate-services.ts';
import { knownWords, nodeFiles, readNodes, withDefaults } from './gate-nodes.ts';
import { PAGE_SIZE_OPTION, pageColumns, pageSizeOf } from './options/pages.ts';
import { type ProbeChoice, probeChoice } from './options/probe.ts';
import { requireRelease } from './options/require-release.ts';
import { servicesOptions, servicesTail } from './options/services.ts';
import { attend } from './session/attendance.ts';
import { openContent } from './session/content.ts';
import { deliver } from './session/deliver.ts';
import { reportHeader } from './session/report-header.ts';
import { atWorkText } from './verify-text.ts';

export const gateCommand = defineDatabaseCommand({
  options: (yargs) =>
    compareNodeOptions(servicesOptions(decidingOptions(databaseOptions(yargs))))
      .option('node-conf', {
        group: GROUPS.database,
        ...REPEATABLE,
        describe:
          'configuration of one API node, FILE or FILE,DIRECTORY for its layers; repeatable: the formats that the nodes accept are compared (default: one node, with the files that name the database). The first node names the database if nothing else does',
      })
      .option('fail-on-findings', {
        group: GROUPS.outcome,
        choices: [...SEVERITIES, 'none'] as const,
        default: 'error' as const,
        describe: 'findings of this severity or a worse one prevent the cutover',
      })
      .option('accept-left', {
        group: GROUPS.outcome,
        type: 'boolean',
        describe: 'images that an answer leaves undecided on purpose do not prevent the cutover',
      })
      .option('must-accept', {
        group: GROUPS.outcome,
        ...REPEATABLE,
        describe:
          'with --openstack: images that this service refuses prevent the cutover; repeatable: nova, glance, glance-conversion, cinder, ironic, ironic-agent (default: nova, which boots what is stored)',
      })
      .option('json', jsonFile('the result'))
      .option('page-size', PAGE_SIZE_OPTION),
  run: async (options, session) => {
    const size = pageSizeOf(options.pageSize);
    const { nodeConf = [] } = options;
    const own = nodeConf.length > 0 ? [] : confInForce(options, process.env);
    const files = nodeFiles({ nodeConf, glanceConf: own, environment: process.env });
    const byNode = nodeConf.length > 0 && !isDatabaseNamed(options, process.env);
    const named = byNode ? { ...options, glanceConf: files[0]?.layers } : options;
    const choice = probeChoice(named, process.env);
    const deciding = loadDeciding(options);
    const { settings, table: services } = deciding.foreseen;
    const aboutServices = {
      '--must-accept': options.mustAccept,
      '--nova-backend': options.novaBackend,
      '--services': options.services,
    };
    requireRelease(options.openstack, aboutServices, settings.release);
    const required = requiredServices(options.mustAccept, [...services.services.keys()]);
    const columns = pageColumns(deciding, choice, []);
    const nodeConfigurations = readNodes(files);
    const specs = nodeSpecs(options);
    await using reader = await session.open(databaseSpec(named, process.env), 'read-only');
    refuseIfAny(await grantObjections(reader, 'images', ['select']));
    const schema = await introspectGlance(reader, deciding);
    const header = await reportHeader(reader, schema, deciding, choice.mode);
    using attendance = attend('stopping; nothing is said about the cutover');
    const { progress, stop, clock } = attendance;
    const around = { reader, schema, onEvent: progress, stop, clock };
    using content = await openContent(choice, { ...around, decide: deciding.base });
    await using others = await session.openNodes(specs);
    const count = createPlanSummary();
    const { lookInside } = content;
    const facts = await inspectGate(
      { ...around, decide: deciding.decide, lookInside, size, columns },
      inputsOf(deciding, choice),
      (evidence, decision) => void count.add(evidence, decision),
      others.databases,
    );
    content.tell();
    progress.done();
    if (facts === null) return 3;
    const nodes = withDefaults(nodeConfigurations, schema.era);
    const asked = options.openstack === undefined ? null : { required, today: settings.before };
    const result = judge(facts, count.result(), {
      ...options,
      nodes,
      knows: knownWords(deciding.table),
      asked,
      probe: choice.mode,
      tail: servicesTail(options),
    });
    await deliver(options.json, {
      record: () => gateRecord(result, header),
      text: (style) => renderGate(result, header, style),
    });
    return gateExitCode(result);
  },
});

interface Terms {
  readonly failOnFindings: Severity | 'none';
  readonly acceptLeft?: boolean | undefined;
  readonly nodes: readonly GateNode[];
  readonly knows: KnowsWord;
  /** The services that must accept every image, and the release that runs today; null where none was asked about. */
  readonly asked: { readonly required: ReadonlySet<string>; readonly today: string | null } | null;
  /** Which images were looked into. */
  readonly probe: ProbeChoice['mode'];
  /** The options about services, for commands that are suggested. */
  readonly tail: string;
}

function judge(
  facts: GateFacts,
  all: PlanSummary,
  { failOnFindings, acceptLeft, nodes, knows, asked, probe, tail }: Terms,
): GateResult {
  const undecided = undecidedCount(all.byStatus);
  const left = undecided - askedImages(all);
  const worst = failOnFindings === 'none' ? SEVERITIES.length : SEVERITIES.indexOf(failOnFindings);
  const services = asked === null ? [] : gateServices(all.services, asked.required);
  const refused = asked === null ? null : serviceReason(all.services, asked.required, asked.today);
  const reasons = [
    ...databaseReasons(facts, {
      undecided: acceptLeft === true ? undecided - left : undecided,
      questions: all.undecided,
      findings: all.findings.filter(({ severity }) => SEVERITIES.indexOf(severity) >= worst),
    }),
    ...(refused === null ? [] : [refused]),
    ...formatReasons(nodes, knows),
  ];
  const notes = [
    ...(acceptLeft === true && left > 0 ? [`${imagesText(left)} left undecided by an answer, accepted`] : []),
    ...(facts.found.atWork === null ? [] : [atWorkText(facts.found.atWork)]),
    ...((facts.verified?.refreshable ?? 0) > 0
      ? [
          `${countText(facts.verified?.refreshable ?? 0)} rows have the same answer on newer evidence; migrate refreshes them`,
        ]
      : []),
    ...unknownNotes(services, probe, tail),
  ];
  return {
    reasons,
    notes,
    images: all.total,
    undecided,
    left,
    verified: facts.verified === null ? 'no' : 'yes',
    nodes,
    services,
  };
}
