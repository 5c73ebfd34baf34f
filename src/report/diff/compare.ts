import { isDeepStrictEqual } from 'node:util';

import type { PlanRecord } from './plan-record.ts';

/** Kinds of change of an image. The keys are the words of the NDJSON lines. */
export const CHANGES = {
  decision: 'a different decision: status, type, container or envelope',
  added: 'images that only the later plan has',
  gone: 'images that only the earlier plan has',
  tuple: 'disk_format or container_format changed in the row',
  status: "Glance's status changed in the row",
  name: 'renamed',
  owner: 'given to a different owner',
  answer: 'matched by a different answer',
  content: 'different content, or content that only one of the plans read',
  evidence: 'properties, references or other evidence changed',
  rule: 'decided by a different rule',
  candidates: 'still undecided, with different candidates or in a different order',
  findings: 'with different findings',
  today: 'treated differently by Nova today, or after the cutover',
  services: 'accepted or refused differently by an OpenStack service',
} as const satisfies Record<string, string>;

export type ChangeKind = keyof typeof CHANGES;
export const CHANGE_KINDS = Object.keys(CHANGES) as readonly ChangeKind[];

/** Inputs of a decision. */
const INPUTS = ['tuple', 'status', 'answer', 'content', 'evidence'] as const satisfies readonly ChangeKind[];

/** The cause of a different decision. `rules`: none of the inputs changed. */
export type Cause = (typeof INPUTS)[number] | 'added' | 'gone' | 'rules';

/** One image in both plans; null in a plan that does not have it. At least one kind. */
export interface ImageChange {
  readonly imageId: string;
  readonly before: PlanRecord | null;
  readonly after: PlanRecord | null;
  /** In the order of `CHANGES`. */
  readonly kinds: readonly ChangeKind[];
}

/** @returns null without a difference. */
export function compareRecords(before: PlanRecord | null, after: PlanRecord | null): ImageChange | null {
  if (before === null || after === null) {
    const one = before ?? after;
    return one === null ? null : { imageId: one.image_id, before, after, kinds: [before === null ? 'added' : 'gone'] };
  }
  const kinds = CHANGE_KINDS.filter((kind) => DIFFERS[kind](before, after));
  return kinds.length === 0 ? null : { imageId: after.image_id, before, after, kinds };
}

/** Whether the image has a different decision, came or went. */
export function isTransition({ kinds }: Pick<ImageChange, 'kinds'>): boolean {
  return kinds.some((kind) => kind === 'decision' || kind === 'added' || kind === 'gone');
}

/** Why an image is decided differently: all inputs that changed. */
export function causesOf({ kinds }: Pick<ImageChange, 'kinds'>): readonly Cause[] {
  if (kinds.includes('added')) return ['added'];
  if (kinds.includes('gone')) return ['gone'];
  const inputs = INPUTS.filter((input) => kinds.includes(input));
  return inputs.length === 0 ? ['rules'] : inputs;
}

type Differs = (before: PlanRecord, after: PlanRecord) => boolean;

const never: Differs = () => false;

const DIFFERS: Readonly<Record<ChangeKind, Differs>> = {
  decision: (a, b) =>
    a.status !== b.status ||
    a.image_type !== b.image_type ||
    a.container_type !== b.container_type ||
    a.envelope !== b.envelope,
  added: never,
  gone: never,
  tuple: (a, b) => a.disk_format !== b.disk_format || a.container_format !== b.container_format,
  status: (a, b) => a.status_glance !== b.status_glance,
  name: (a, b) => a.name !== b.name,
  owner: (a, b) => a.owner !== b.owner,
  answer: (a, b) => a.answer !== b.answer || (a.answer !== null && DIFFERS.decision(a, b)),
  content: (a, b) => !isLeaving(a, b) && !sameEvidence(a, b, seenInContent),
  evidence: (a, b) => !isLeaving(a, b) && !sameEvidence(a, b, sameCandidates(a, b) ? ofDatabase : ofDatabaseNoHints),
  rule: (a, b) => a.rule !== b.rule,
  candidates: (a, b) =>
    a.status === 'ambiguous' && b.status === 'ambiguous' && !isDeepStrictEqual(a.candidates, b.candidates),
  findings: (a, b) => !isDeepStrictEqual(a.findings, b.findings),
  today: (a, b) => a.nova_today !== b.nova_today || a.disposition !== b.disposition || a.format !== b.format,
  services: (a, b) => Object.keys(a.services ?? {}).some((service) => serviceDiffers(service, a, b)),
};

/** A service that only one of the plans asked says nothing about the image. */
function serviceDiffers(service: string, before: PlanRecord, after: PlanRecord): boolean {
  const [old, now] = [before.services?.[service], after.services?.[service]];
  return old !== undefined && now !== undefined && !isDeepStrictEqual(old, now);
}

type Evidence = PlanRecord['evidence'][number];

function sameEvidence(before: PlanRecord, after: PlanRecord, counts: (evidence: Evidence) => boolean): boolean {
  return isDeepStrictEqual(before.evidence.filter(counts), after.evidence.filter(counts));
}

/** Versions that did not know the services said here that Nova refuses the content: that is no content. */
function seenInContent({ kind, detail }: Evidence): boolean {
  return kind === 'content' && !detail.startsWith('Nova and Glance');
}

/** The tuple has its own kind of change; rules and answers are not evidence from the database. */
function ofDatabase({ kind }: Evidence): boolean {
  return !['tuple', 'content', 'rule', 'operator'].includes(kind);
}

/**
 * Only candidates have hints (`rules/decide/rank.ts`): with other candidates, hints differ though the database does
 * not.
 */
const HINT =
  /^(hw_rescue_device=cdrom|image_location looks like|root_device_name is|mappings put|ramdisk_id leads|more than \d+ MiB)|, so it is meant to boot$/;

function ofDatabaseNoHints(evidence: Evidence): boolean {
  return ofDatabase(evidence) && evidence.kind !== 'name' && !HINT.test(evidence.detail);
}

function sameCandidates(before: PlanRecord, after: PlanRecord): boolean {
  const typesOf = ({ candidates }: PlanRecord): readonly string[] =>
    [...new Set(candidates.map(({ image_type }) => image_type))].toSorted();
  return isDeepStrictEqual(typesOf(before), typesOf(after));
}

/** An image that gained or lost its payload with its status: all other evidence comes and goes with that. */
function isLeaving(before: PlanRecord, after: PlanRecord): boolean {
  const left = (before.status === 'not-applicable') !== (after.status === 'not-applicable');
  return left && before.status_glance !== after.status_glance;
}
