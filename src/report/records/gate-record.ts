import { GATE_REASONS, gateExitCode, type GateResult } from '../../model/gate.ts';
import type { ReportHeader } from '../plan/report.ts';

/** Raised when a key changes its meaning; added keys do not count. */
const DOCUMENT_VERSION = 1;

/** What gate found, as a JSON document. Keys are only ever added. */
export function gateRecord(result: GateResult, header: ReportHeader): object {
  return {
    glance_retype_gate: { version: DOCUMENT_VERSION, ...header },
    ready: result.reasons.length === 0,
    exit_code: gateExitCode(result),
    reasons: result.reasons.map(({ code, text, count, details }) => ({
      code,
      title: GATE_REASONS[code].title,
      text,
      count,
      details: details.map((detail) => ({ text: detail.text, count: detail.count, sample_ids: detail.sampleIds })),
      advice: GATE_REASONS[code].advice,
    })),
    notes: result.notes,
    images: result.images,
    undecided: result.undecided,
    left: result.left,
    verified: result.verified === 'yes',
    nodes: result.nodes.map(({ name, disk, container, diskPlace, containerPlace }) => ({
      name,
      disk_formats: disk,
      disk_formats_from: diskPlace,
      container_formats: container,
      container_formats_from: containerPlace,
    })),
  };
}
