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
