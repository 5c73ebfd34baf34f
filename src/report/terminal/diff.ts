import { DECISION_STATUSES } from '../../model/vocabulary.ts';
import { type ChangeKind, CHANGES, isTransition } from '../diff/compare.ts';
import type { DiffSide, DiffSummary, Outcome, Transition } from '../diff/diff-summary.ts';
import { totalOf } from '../plan/bounded-groups.ts';
import {
  classificationText,
  type PartialClassification,
  shortCandidatesText,
  STATUS_TONES,
  tupleText,
} from '../words/decision-words.ts';
import { countText, imagesText } from '../words/number-text.ts';
import { paint, type TerminalStyle, type Tone } from '../words/style.ts';
import { inside, limitedTable, page, painted, renderKeyValues, section, sentence } from './layout/section.ts';
import { type Cell, cut, figures, renderTable, whole } from './layout/table.ts';

/** With everything around them, one screen. */
const TRANSITIONS_SHOWN = 9;
const FINDINGS_SHOWN = 5;

/** The comparison of two plans: the verdict, the kinds of change, the biggest changes. Ends in LF. */
export function renderDiff(summary: DiffSummary, style: TerminalStyle): string {
  return page([
    verdictSection(summary, style),
    kindsSection(summary, style),
    transitionsSection(summary, style),
    findingsSection(summary, style),
  ]);
}

function verdictSection(summary: DiffSummary, style: TerminalStyle): string {
  const { text, tone } = verdict(summary);
  const facts = renderKeyValues(
    [
      ['before', sideText(summary.before)],
      ['after', sideText(summary.after)],
      ...summary.headers.map(({ key, before, after }): readonly [string, Cell] => [
        `different ${key.replaceAll('_', ' ')}`,
        { text: `${headerWord(before)} → ${headerWord(after)}`, tone: 'warn' },
      ]),
    ],
    style,
  );
  return `${painted(text, tone, style)}\n\n${facts}\n\n${statusTable(summary, style)}`;
}

function verdict({ changed, kinds }: DiffSummary): { readonly text: string; readonly tone: Tone } {
  if (changed === 0)
    return { text: 'No difference: every image has the same decision, for the same reasons.', tone: 'good' };
  const count = (wanted: ChangeKind): number => kinds.find(({ kind }) => kind === wanted)?.count ?? 0;
  const [decided, added, gone] = [count('decision'), count('added'), count('gone')];
  const rest = changed - decided - added - gone;
  const parts = [
    `${imagesText(decided)} decided differently`,
    added > 0 ? `, ${countText(added)} added` : '',
    gone > 0 ? `, ${countText(gone)} gone` : '',
    rest > 0 ? `; ${countText(rest)} changed in other ways` : '',
  ].join('');
  return decided > 0
    ? { text: `Different: ${parts}.`, tone: 'bad' }
    : { text: `No decision changed: ${parts}.`, tone: 'warn' };
}

function sideText({ name, kind, images, header }: DiffSide): string {
  const made = header?.['created_at'];
  const when = kind === 'file' && typeof made === 'string' ? `, made ${made}` : '';
  return `${imagesText(images)}, ${kind === 'file' ? name : `database ${name}, now`}${when}`;
}

/** A digest by its first characters. */
function headerWord(value: string | null): string {
  if (value === null) return 'none';
  return /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value;
}

function statusTable({ before, after }: DiffSummary, style: TerminalStyle): string {
  const rows = DECISION_STATUSES.map((status): readonly Cell[] => {
    const change = after.byStatus[status] - before.byStatus[status];
    const sign = change > 0 ? '+' : '-';
    return [
      { text: status, tone: STATUS_TONES[status] },
      countText(before.byStatus[status]),
      countText(after.byStatus[status]),
      change === 0 ? '' : `${sign}${countText(Math.abs(change))}`,
    ];
  });
  return renderTable([whole('status'), figures('before'), figures('after'), figures('change')], rows, style);
}

function kindsSection({ kinds }: DiffSummary, style: TerminalStyle): string {
  if (kinds.length === 0) return '';
  const rows = kinds.map(({ kind, count, samples }): readonly Cell[] => [
    countText(count),
    { text: kind, tone: kind === 'decision' ? 'bad' : 'plain' },
    kindText(kind, samples[0]?.id ?? null, style.width - INDENT_AND_COUNT),
  ]);
  const table = renderTable([figures('images'), whole('change'), cut('')], rows, inside(style));
  return section('What changed (an image may count in several lines)', [table], style);
}

/** Columns in front of the text: indent, count, name of the kind, gaps. */
const INDENT_AND_COUNT = 26;

/** With an image to look at, unless the transitions have one or there is no room: half an id is of no use. */
function kindText(kind: ChangeKind, sampleId: string | null, room: number): string {
  const text = CHANGES[kind];
  const whole = `${text} (${sampleId ?? ''})`;
  return isTransition({ kinds: [kind] }) || sampleId === null || whole.length > room ? text : whole;
}

const TRANSITION_COLUMNS = [figures('images'), cut('tuple'), cut('before'), cut('after'), whole('why')];

function transitionsSection({ transitions, otherTransitions }: DiffSummary, style: TerminalStyle): string {
  if (transitions.length === 0) return '';
  const shown = transitions.slice(0, TRANSITIONS_SHOWN);
  const rest = transitions.slice(TRANSITIONS_SHOWN);
  const restCount = totalOf(rest) + otherTransitions;
  const more = `and ${countText(rest.length)} more (${imagesText(restCount)}), see --json; every image is in --ndjson`;
  const blocks = [
    renderTable(TRANSITION_COLUMNS, shown.map(transitionRow), inside(style)),
    restCount === 0 ? '' : sentence(more, inside(style)),
    ...shown.slice(0, 3).map(({ samples }, index) => sampleLine(samples[0], index, style)),
  ];
  return section('Changed decisions, added images and images that are gone', blocks, style);
}

function transitionRow({ before, after, causes, count }: Transition): readonly Cell[] {
  return [countText(count), tuplesText(before, after), outcomeCell(before), outcomeCell(after), causes.join(', ')];
}

/** `raw/bare`; `raw/bare → qcow2/bare` where the row itself changed. */
function tuplesText(before: Outcome | null, after: Outcome | null): string {
  const [old, now] = [before, after].map((outcome) =>
    outcome === null
      ? null
      : tupleText({ diskFormat: outcome.disk_format, containerFormat: outcome.container_format }, '/'),
  );
  return old === null || now === null || old === now ? (now ?? old ?? '') : `${old} → ${now}`;
}

/** `disk/qcow2, exact`, `disk/raw or 4 others, ambiguous`: a narrow terminal cuts the status first. */
function outcomeCell(outcome: Outcome | null): Cell {
  if (outcome === null) return { text: '-', tone: 'dim' };
  const { candidates, status, image_type: imageType } = outcome;
  const answer =
    candidates.length > 0
      ? shortCandidatesText(candidates.map(classificationOf))
      : classificationText(classificationOf(outcome));
  const text = candidates.length === 0 && imageType === null ? status : `${answer}, ${status}`;
  return { text, tone: STATUS_TONES[status] };
}

function classificationOf({
  image_type: imageType,
  container_type: containerType,
  envelope,
}: Pick<Outcome, 'image_type' | 'container_type' | 'envelope'>): PartialClassification {
  return { imageType, containerType, envelope };
}

function sampleLine(
  sample: DiffSummary['kinds'][number]['samples'][number] | undefined,
  index: number,
  style: TerminalStyle,
): string {
  if (sample === undefined) return '';
  const text = `line ${index + 1}, for example: ${sample.id}${sample.name === null ? '' : ` (${sample.name})`}`;
  return paint(sentence(text, inside(style)), 'dim', style);
}

function findingsSection({ findings }: DiffSummary, style: TerminalStyle): string {
  if (findings.length === 0) return '';
  const rows = findings.map(({ code, came, went }): readonly Cell[] => [
    came === 0 ? '' : `+${countText(came)}`,
    went === 0 ? '' : `-${countText(went)}`,
    code,
  ]);
  const columns = [figures('came'), figures('went'), cut('finding')];
  return section('Findings', [limitedTable(columns, rows, FINDINGS_SHOWN, inside(style))], style);
}
