import { createHash } from 'node:crypto';

import { FORMAT_VERSION } from '../../report/records/format-version.ts';
import { type Cell } from '../../report/terminal/layout/table.ts';
import { painted, renderLabelled, sentence } from '../../report/terminal/layout/section.ts';
import { countText, durationText } from '../../report/words/number-text.ts';
import type { ScreenStyle } from '../../report/words/style.ts';
import type { Check, Rehearsal } from '../../run/rehearse/rehearse.ts';
import { digestText } from '../../run/rehearse/rows-digest.ts';

/** What a certificate says beside what the rehearsal found. */
export interface Circumstances {
  readonly toolVersion: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly database: string;
  readonly server: string;
  readonly era: string;
  readonly scratch: string;
  readonly scratchServer: string;
  readonly rulesDigest: string;
  readonly answersDigest: string | null;
  readonly probe: string;
  readonly target: 'columns' | 'table';
  /** The options that say how fast to write, as they were given. */
  readonly pace: readonly string[];
  readonly killsAsked: number;
  readonly seed: number;
}

/** What a certificate rests on, for a reader of its figures. */
const METHOD =
  'each command ran as a process of its own on a copy, timed from its start to its exit; of two times the shorter, because other work only makes them longer; the run that was killed counts as the sum over its processes';

const CAVEATS: readonly string[] = [
  'The copy had just been loaded, so most of it was in memory; on a server whose memory is short, production takes longer.',
  'Glance did not write to the copy. In production the run presses less while others write or wait.',
  'Foreign keys and triggers of the source were not copied. No command writes a column that a foreign key is about.',
  'Images that Glance adds or changes after the copy are decided in production; nobody has rehearsed them.',
];

/** Why a rehearsal did not pass; empty where it did. */
export function reasonsAgainst(
  { end, broken, checks, kills, differences }: Rehearsal,
  killsAsked: number,
): readonly string[] {
  return [
    ...(broken === null ? [] : [`${broken.message}: ${oneLine(broken.end.failure)}`]),
    ...(end === 'stopped' ? ['it was stopped before its end'] : []),
    ...checks.filter(isDifferent).map(({ name }) => `different: ${name}`),
    ...(differences > 0 ? [`verify found ${countText(differences)} differences`] : []),
    ...(end === 'finished' && kills.length < killsAsked
      ? [`migrate was killed ${kills.length} times instead of ${killsAsked}: its run is too short to be met`]
      : []),
  ];
}

/** The certificate as a document. Its last key is a SHA-256 over all others as JSON.stringify writes them. */
export function certificateRecord(rehearsal: Rehearsal, around: Circumstances) {
  const { tables, dataDigest, expected, results, kills, checks, differences } = rehearsal;
  const reasons = reasonsAgainst(rehearsal, around.killsAsked);
  const milliseconds = expected?.milliseconds;
  const record = {
    format_version: FORMAT_VERSION,
    kind: 'glance-retype rehearsal certificate' as const,
    verdict: reasons.length === 0 ? ('passed' as const) : ('failed' as const),
    reasons,
    created_at: around.createdAt,
    tool_version: around.toolVersion,
    database: around.database,
    server: around.server,
    era: around.era,
    scratch: around.scratch,
    scratch_server: around.scratchServer,
    images: tables.get('images')?.rows ?? null,
    data_digest: dataDigest,
    tables: [...tables].map(([name, digest]) => ({ name, rows: digest.rows, digest: digestText(digest) })),
    rules_digest: around.rulesDigest,
    answers_digest: around.answersDigest,
    probe: around.probe,
    target: around.target,
    pace: around.pace,
    results:
      results === null
        ? null
        : {
            digest: results.digest,
            counts: results.groups.map(({ status, imageType, containerType, images }) => ({
              status,
              image_type: imageType,
              container_type: containerType,
              images,
            })),
          },
    kills: {
      asked: around.killsAsked,
      done: kills.length,
      seed: around.seed,
      at: kills.map(({ afterBatches, afterRows, milliseconds: after }) => ({
        batches: afterBatches,
        rows: afterRows,
        seconds: seconds(after),
      })),
    },
    checks: checks.map(({ name, expected: wanted, found }) => ({
      name,
      passed: wanted === found,
      expected: wanted,
      found,
    })),
    differences: differences + checks.filter(isDifferent).length,
    expected:
      expected === null || milliseconds === undefined
        ? null
        : {
            expand_seconds: seconds(Math.min(...milliseconds.expand)),
            migrate_seconds: seconds(Math.min(...milliseconds.migrate)),
            verify_seconds: seconds(Math.min(...milliseconds.verify)),
            rollback_seconds: seconds(Math.min(...milliseconds.rollback)),
            measured_seconds: {
              expand: milliseconds.expand.map(seconds),
              migrate: milliseconds.migrate.map(seconds),
              verify: milliseconds.verify.map(seconds),
              rollback: milliseconds.rollback.map(seconds),
            },
            batches: expected.batches,
            journal_bytes: expected.journalBytes,
            method: METHOD,
            caveats: CAVEATS,
          },
  };
  return { ...record, digest: createHash('sha256').update(JSON.stringify(record)).digest('hex') };
}

/** The certificate on a terminal. */
export function certificateText(rehearsal: Rehearsal, around: Circumstances, style: ScreenStyle): string {
  const { tables, dataDigest, expected, results, kills, checks } = rehearsal;
  const reasons = reasonsAgainst(rehearsal, around.killsAsked);
  const passed = reasons.length === 0;
  const failed = checks.filter(isDifferent);
  const lines: (readonly [string, Cell] | null)[] = [
    ['Data', `${around.database} (${around.server}, Glance ${around.era})`],
    ['Rows', [...tables].map(([name, { rows }]) => `${countText(rows)} ${name}`).join(', ') || 'none'],
    dataDigest === null ? null : ['Digest', dataDigest],
    [
      'Rules',
      `${around.rulesDigest}${around.answersDigest === null ? ', no answers' : `, answers ${around.answersDigest}`}`,
    ],
    ['Rehearsed in', `${around.scratch} (${around.scratchServer})`],
    results === null
      ? null
      : [
          'Decided',
          [...byStatus(results.groups)].map(([status, n]) => `${countText(n)} ${status}`).join(', ') || 'no image',
        ],
    ['Kills', killsText(rehearsal, around)],
    [
      'Compared',
      failed.length === 0
        ? `${checks.length} checks, no difference`
        : `${failed.length} of ${checks.length} checks differ`,
    ],
    ...(expected === null
      ? []
      : ([
          ['Expect', `migrate ${timesText(expected.milliseconds.migrate)} in ${countText(expected.batches)} batches`],
          [
            '',
            `expand ${timesText(expected.milliseconds.expand)}, verify ${timesText(expected.milliseconds.verify)}, rollback ${timesText(expected.milliseconds.rollback)}`,
          ],
          ['Journal', `${sizeText(expected.journalBytes)} on the server`],
        ] as const)),
  ];
  const title = passed
    ? `Rehearsal passed: killed ${kills.length} times, nothing lost, nothing left behind by rollback`
    : 'Rehearsal failed';
  const body = lines
    .filter((line) => line !== null)
    .map(([label, text]) => ({ label, text: typeof text === 'string' ? text : text.text }));
  return [
    painted(title, passed ? 'good' : 'bad', style),
    ...reasons.map((reason) => sentence(reason, style, '  ', '  ')),
    renderLabelled(body, style),
    ...(expected === null ? [] : CAVEATS.map((caveat) => sentence(caveat, style, '  ', '  '))),
  ].join('\n');
}

function killsText({ kills }: Rehearsal, { killsAsked, seed }: Circumstances): string {
  if (killsAsked === 0) return 'none asked for';
  const places = kills.map(({ afterBatches }) => countText(afterBatches)).join(', ');
  return `${kills.length} of ${killsAsked}, when ${places === '' ? 'nothing' : places} batches were committed (seed ${seed})`;
}

function byStatus(groups: NonNullable<Rehearsal['results']>['groups']): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { status, images } of groups) counts.set(status, (counts.get(status) ?? 0) + images);
  return counts;
}

function isDifferent({ expected, found }: Check): boolean {
  return expected !== found;
}

function oneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' / ');
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}

/** The shortest, and the longest where another was longer. */
function timesText(times: readonly number[]): string {
  const [least, most] = [Math.min(...times), Math.max(...times)].map(oneTime);
  return least === most ? `${least}` : `${least} (up to ${most} here)`;
}

/** One digit after the point below a minute. */
function oneTime(milliseconds: number): string {
  return milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)} s` : durationText(milliseconds);
}

function sizeText(bytes: number): string {
  return bytes < 1_048_576
    ? `${countText(Math.ceil(bytes / 1024))} KiB`
    : `${countText(Math.ceil(bytes / 1_048_576))} MiB`;
}
