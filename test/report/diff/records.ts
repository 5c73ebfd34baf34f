import { compareRecords } from '../../../src/report/diff/compare.ts';
import type { DiffSide, DiffSummary } from '../../../src/report/diff/diff-summary.ts';
import { DiffTally } from '../../../src/report/diff/diff-tally.ts';
import type { PlanRecord } from '../../../src/report/diff/plan-record.ts';

/** A record of which only the named keys matter. */
export function record(fields: Partial<PlanRecord> = {}): PlanRecord {
  return {
    image_id: 'i1',
    name: 'cirros',
    owner: 'tenant',
    status_glance: 'active',
    disk_format: 'qcow2',
    container_format: 'bare',
    image_type: 'disk',
    container_type: 'qcow2',
    envelope: null,
    format: 'qcow2',
    status: 'inferred',
    rule: 'VIRTUAL-DISK',
    candidates: [],
    evidence: [{ kind: 'tuple', detail: 'disk_format=qcow2, container_format=bare' }],
    findings: [],
    disposition: 'boot-disk',
    nova_today: 'boot-disk',
    question: null,
    answer: null,
    services: {},
    ...fields,
  };
}

export const CANDIDATES = [
  { image_type: 'disk', container_type: 'raw', envelope: null },
  { image_type: 'filesystem', container_type: 'raw', envelope: null },
] as const;

/** Undecided: raw and bare, with a hint. */
export function open(fields: Partial<PlanRecord> = {}): PlanRecord {
  return record({
    disk_format: 'raw',
    image_type: null,
    container_type: null,
    format: null,
    status: 'ambiguous',
    rule: 'RAW',
    candidates: CANDIDATES,
    evidence: [{ kind: 'tuple', detail: 'disk_format=raw, container_format=bare' }],
    disposition: null,
    question: 'raw-bare-00000000',
    ...fields,
  });
}

export async function* bytesOf(text: string | Uint8Array, size = 37): AsyncGenerator<Uint8Array, void, undefined> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export type Pair = readonly [before: PlanRecord | null, after: PlanRecord | null];

function side(images: number, header: DiffSide['header'] = null): DiffSide {
  const byStatus = { exact: 0, inferred: images, ambiguous: 0, unmappable: 0, 'not-applicable': 0 };
  return { name: 'a.json', kind: 'file', images, byStatus, header };
}

/** The comparison of two plans that consist of these pairs. */
export function compared(
  pairs: readonly Pair[],
  headers: readonly [DiffSide['header'], DiffSide['header']] = [null, null],
): DiffSummary {
  const tally = new DiffTally();
  for (const [before, after] of pairs) {
    const change = compareRecords(before, after);
    if (change !== null) tally.add(change);
  }
  const count = (index: 0 | 1): number => pairs.filter((pair) => pair[index] !== null).length;
  return tally.result(side(count(0), headers[0]), side(count(1), headers[1]));
}

export const settled = record({ disk_format: 'raw', container_type: 'raw', rule: 'SITE' });
