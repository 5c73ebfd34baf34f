import type { Decision } from '../../model/decision.ts';
import type { ImageEvidence } from '../../model/image.ts';
import type { PlanReport } from '../plan/report.ts';

/** One format of output, written while the rows go by. */
export interface DecisionWriter {
  /**
   * Adds one image. If it returns a promise, the caller waits for it before the next call (back-pressure).
   *
   * @throws what the sink throws (OUTPUT_FILE)
   */
  add(evidence: ImageEvidence, decision: Decision): void | Promise<void>;
  /** Writes what comes last and ends the sink. Called once. */
  end(report: PlanReport): Promise<void>;
}
