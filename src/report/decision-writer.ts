import type { Decision } from '../model/decision.ts';
import type { ImageEvidence } from '../model/image.ts';
import type { PlanSummary } from './plan-summary-shape.ts';
import type { ReportHeader } from './report-header.ts';

/** One machine-readable format, written while the rows go by. */
export interface DecisionWriter {
  /**
   * Adds one image. Where it answers with a promise the caller waits for it before the next call: that is the back-pressure.
   *
   * @throws whatever the sink throws (OUTPUT_FILE)
   */
  add(evidence: ImageEvidence, decision: Decision): void | Promise<void>;
  /** Writes what comes last and ends the sink. Called once. */
  end(summary: PlanSummary, header: ReportHeader): Promise<void>;
}
