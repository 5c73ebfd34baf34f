import {
  STORED_COMPARISONS,
  type ResultColumns,
  type StoredDecision,
  type StoredState,
} from '../../../model/stored-state.ts';
import type { ReportHeader } from '../../plan/report.ts';
import { type Labelled, renderLabelled } from '../layout/labelled.ts';
import { inside, section } from '../layout/section.ts';
import { paint, type TerminalStyle, type Tone } from '../../words/style.ts';
import { classificationText, tupleText } from '../../words/decision-words.ts';

type Expanded = Extract<StoredState, { kind: 'expanded' }>;

/** Digits of a digest shown. */
const DIGEST_SHOWN = 12;

/** What the journal and the result columns hold of the image. */
export function storedSection(stored: StoredState, header: ReportHeader, style: TerminalStyle): string {
  switch (stored.kind) {
    case 'not-expanded':
      return section('Stored', [paint('nothing: the database has not been expanded', 'dim', style)], style);
    case 'interrupted': {
      const line: Labelled = {
        label: 'not read',
        text: `${stored.command} was interrupted; run glance-retype ${stored.command} again to finish it`,
        tone: 'warn',
      };
      return section('Stored', [renderLabelled([line], inside(style))], style);
    }
    case 'expanded':
      return section('Stored', [renderLabelled(expandedLines(stored, header), inside(style))], style);
  }
}

function expandedLines(stored: Expanded, header: ReportHeader): readonly Labelled[] {
  const { current, earlier, comparison, results } = stored;
  const tone: Tone = comparison === 'same' ? 'good' : comparison === 'deleted' ? 'dim' : 'warn';
  return [
    { label: 'state', text: STORED_COMPARISONS[comparison], tone },
    ...(current === null ? [] : currentLines(current, stored, header)),
    ...(results === null ? [] : [resultLine(results)]),
    ...earlier.map((before) => ({
      label: `before run ${before.supersededBy}`,
      text: `run ${before.runId}: ${storedText(before)}`,
    })),
  ];
}

function currentLines(
  current: StoredDecision,
  { run, comparison }: Expanded,
  header: ReportHeader,
): readonly Labelled[] {
  const { committed, evidence } = current;
  const when =
    committed === null
      ? 'the record of the batch is missing'
      : `committed ${committed.committedAt}, pass ${committed.pass}`;
  return [
    { label: 'decision', text: storedText(current) },
    {
      label: 'decided on',
      text: `${tupleText({ diskFormat: current.legacyDiskFormat, containerFormat: current.legacyContainerFormat })}, ${current.glanceStatus}`,
    },
    ...(run === null ? [] : [{ label: 'run', text: runText(run, header) }]),
    { label: 'batch', text: `${current.batch} of run ${current.runId}, ${when}` },
    ...(committed === null ? [] : [{ label: 'batch uuid', text: committed.uuid }]),
    // The same decision has the evidence that is already shown above.
    ...(comparison === 'same' || evidence === null
      ? []
      : evidence.evidence.map(({ kind, detail }) => ({ label: 'evidence then', text: `${kind}: ${detail}` }))),
  ];
}

function runText(run: NonNullable<Expanded['run']>, header: ReportHeader): string {
  const rules =
    run.rulesDigest === header.rules_digest
      ? 'the same rules as now'
      : `other rules than now (${run.rulesDigest.slice(0, DIGEST_SHOWN)})`;
  return `${run.id}, ${run.state}, begun ${run.startedAt} by glance-retype ${run.toolVersion}, ${rules}, ${run.options.replaceAll(/[{}"]/g, '').replaceAll(':', ' ')}`;
}

function resultLine({ imageType, containerType, envelope, integrity }: ResultColumns): Labelled {
  const values = [imageType, containerType, envelope].map((value) => value ?? 'NULL').join(', ');
  return integrity === 'as-stored'
    ? { label: 'result columns', text: `${values}, as the journal says` }
    : {
        label: 'result columns',
        text: `${values}: not what the journal says, somebody else changed them`,
        tone: 'bad',
      };
}

function storedText({ status, imageType, containerType, envelope, rule, evidence }: StoredDecision): string {
  const classification = imageType === null ? '' : `, ${classificationText({ imageType, containerType, envelope })}`;
  const candidates =
    evidence === null || evidence.candidates.length === 0 ? '' : `, ${evidence.candidates.join(' or ')}`;
  return `${status}${classification}${candidates}, rule ${rule}`;
}
