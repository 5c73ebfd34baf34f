import type { ImageEvidence, ImageRecord, ReferencedBy, ReferenceTarget } from '../../../model/image.ts';
import { SAFETY } from '../../../model/safety.ts';
import {
  type ResultColumns,
  STORED_COMPARISONS,
  type StoredDecision,
  type StoredState,
} from '../../../model/stored-state.ts';
import type { Verdict } from '../../../model/verdict.ts';
import { shownId } from '../../../rules/decide/evidence-lines.ts';
import { type PropertyReading, readLostProperties, readProperties } from '../../../rules/trace/properties.ts';
import type { ReportHeader } from '../../plan/report.ts';
import { classificationText, SEVERITY_TONES, tupleText } from '../../words/decision-words.ts';
import { formatWord } from '../../../model/fold-word.ts';
import { counted, imagesText } from '../../words/number-text.ts';
import { safeText } from '../../words/safe-text.ts';
import { paint, type TerminalStyle, type Tone } from '../../words/style.ts';
import { cutText, textWidth } from '../../words/text-width.ts';
import { inside, type Labelled, painted, renderLabelled, section, sentence } from '../layout/section.ts';
import { cut, renderTable, whole } from '../layout/table.ts';

/** Which image it is: id and name, and under them what is declared and whom it belongs to. */
export function imageTitle({ image }: ImageEvidence, style: TerminalStyle): string {
  const id = `Image ${safeText(image.id)}`;
  const name = image.name === null ? '' : safeText(`"${image.name}"`);
  const fits = textWidth(id) + 2 + textWidth(name) <= style.width;
  const lines = name === '' ? [id] : fits ? [`${id}  ${name}`] : [id, `  ${name}`];
  const about = [tupleText(image), statusText(image), image.owner === null ? 'no owner' : `owner ${image.owner}`];
  return [
    ...lines.map((line) => paint(cutText(line, style.width), 'bold', style)),
    sentence(about.join(', '), inside(style), '  '),
  ].join('\n');
}

function statusText({ status, deleted }: ImageRecord): string {
  return deleted ? `${status}, soft-deleted` : status;
}

export function rowSection({ image }: ImageEvidence, style: TerminalStyle): string {
  return [
    paint('Row', 'bold', style),
    renderLabelled(
      [
        { label: '  disk_format', text: formatWord(image.diskFormat) },
        { label: '  container_format', text: formatWord(image.containerFormat) },
        { label: '  status', text: statusText(image), tone: image.deleted ? 'warn' : 'plain' },
        { label: '  size', text: image.size === null ? 'NULL' : `${image.size.toLocaleString('en-US')} bytes` },
        { label: '  min_disk', text: image.minDisk === null ? 'not known' : `${image.minDisk} GiB` },
        { label: '  owner', text: image.owner ?? 'none' },
      ],
      style,
    ),
  ].join('\n');
}

/** What the image's own properties say, live ones and lost ones. */
export function propertiesSection(evidence: ImageEvidence, style: TerminalStyle): string {
  const live = readProperties(evidence);
  const lost = readLostProperties(evidence);
  const lines = [
    live.length === 0 ? 'none of those that a rule looks at' : propertyTable(live, inside(style)),
    ...(lost.length === 0
      ? []
      : ['', 'Lost (soft-deleted without a time of deletion):', propertyTable(lost, inside(style))]),
  ];
  return section('Properties looked at', [lines.join('\n')], style);
}

function propertyTable(readings: readonly PropertyReading[], style: TerminalStyle): string {
  return renderTable(
    [whole('name'), cut('value'), whole('counts as')],
    readings.map(({ name, shown, countsAs }) => [
      name,
      shown === null ? { text: 'NULL', tone: 'dim' } : { text: shown, tone: 'plain' },
      { text: countsAs, tone: countsAs === 'nothing' ? 'dim' : 'plain' },
    ]),
    style,
  );
}

/** Which images this one names, and which name it. */
export function referencesSection({ kernel, ramdisk, referencedBy }: ImageEvidence, style: TerminalStyle): string {
  const lines: readonly Labelled[] = [
    { label: 'kernel_id', ...targetLine(kernel) },
    { label: 'ramdisk_id', ...targetLine(ramdisk) },
    { label: 'named by', text: referrersText(referencedBy) },
  ];
  return section('References', [renderLabelled(lines, inside(style))], style);
}

function targetLine(target: ReferenceTarget): { readonly text: string; readonly tone: Tone } {
  switch (target.kind) {
    case 'absent':
      return { text: 'none', tone: 'dim' };
    case 'live': {
      return { text: `${shownId(target.id)}, a live image declared ${tupleText(target)}`, tone: 'plain' };
    }
    case 'deleted':
      return { text: `${shownId(target.id)}, which is soft-deleted`, tone: 'warn' };
    case 'missing':
      return { text: `${shownId(target.id)}, which no row has`, tone: 'warn' };
  }
}

function referrersText(by: ReferencedBy | null): string {
  if (by === null) return 'no live image';
  const parts = [
    { count: by.asKernel, role: 'kernel', sample: by.sampleKernelOf },
    { count: by.asRamdisk, role: 'ramdisk', sample: by.sampleRamdiskOf },
  ];
  return parts
    .filter(({ count }) => count > 0)
    .map(({ count, role, sample }) => {
      const example = sample === null ? '' : `, for example ${sample}`;
      return `${imagesText(count).replace(/(images?)$/, 'live $1')} as ${role}${example}`;
    })
    .join('; ');
}

/** The verdict on the content, what was seen at which offset, and dangers. */
export function contentSection({ content, image }: ImageEvidence, style: TerminalStyle): string {
  if (content === undefined) {
    const why = image.deleted ? 'the image is soft-deleted' : 'the content was not read (see --probe and --store-path)';
    return section('Content', [paint(why, 'dim', style)], style);
  }
  const lines: readonly Labelled[] =
    content.kind === 'unread' ? [{ label: 'not read', text: content.why, tone: 'bad' }] : verdictLines(content.verdict);
  return section('Content', [renderLabelled(lines, inside(style))], style);
}

function verdictLines(verdict: Verdict): readonly Labelled[] {
  const classification = classificationText(verdict);
  return [
    {
      label: 'verdict',
      text:
        verdict.imageType === null
          ? `${classification}, no type: ${verdict.why}`
          : `${classification}, ${verdict.confidence}`,
    },
    {
      label: 'container',
      text: verdict.containerBasis === 'proven' ? 'by its signature' : 'no signature of a container was found',
    },
    ...(verdict.refutes.length > 0 ? [{ label: 'cannot be', text: verdict.refutes.join(', ') }] : []),
    ...(verdict.reach === 'cut' ? [{ label: 'reach', text: 'some of the requested bytes could not be read' }] : []),
    ...verdict.evidence.map(({ offset, detail }): Labelled => ({ label: `at ${offset}`, text: detail })),
    ...verdict.safety.map((code): Labelled => ({
      label: SAFETY[code].severity,
      text: `${code}: ${SAFETY[code].title}`,
      tone: SEVERITY_TONES[SAFETY[code].severity],
    })),
    { label: 'read', text: `${counted(verdict.cost.bytes, 'byte')} in ${counted(verdict.cost.requests, 'request')}` },
  ];
}

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

/** In one line whether the image is stored, and whether as it would be decided now; nothing before expand. */
export function storedLine(stored: StoredState, style: TerminalStyle): string {
  if (stored.kind !== 'expanded') return '';
  const { comparison, results } = stored;
  const foreign = results?.integrity === 'changed' ? '; somebody else changed its result columns' : '';
  const tone = foreign === '' ? COMPARISON_TONES[comparison] : 'bad';
  return section('Stored', [painted(`${STORED_COMPARISONS[comparison]}${foreign}`, tone, inside(style))], style);
}

const COMPARISON_TONES: Readonly<Record<Expanded['comparison'], Tone>> = {
  same: 'good',
  deleted: 'dim',
  refreshable: 'warn',
  'not-stored': 'warn',
  'legacy-changed': 'warn',
  'decision-changed': 'warn',
};

function expandedLines(stored: Expanded, header: ReportHeader): readonly Labelled[] {
  const { current, earlier, comparison, results } = stored;
  return [
    { label: 'state', text: STORED_COMPARISONS[comparison], tone: COMPARISON_TONES[comparison] },
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
