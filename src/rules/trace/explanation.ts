import type { Decision } from '../../model/decision.ts';
import type { ImageEvidence } from '../../model/image.ts';
import type { StoredState } from '../../model/stored-state.ts';
import type { Trace } from './trace.ts';

/** Everything that `explain` shows of one image. */
export interface Explanation {
  readonly evidence: ImageEvidence;
  /** By the rules alone. */
  readonly trace: Trace;
  /** By the rules and the answers; equal to the trace's decision if no answer matches the image. */
  readonly decision: Decision;
  readonly stored: StoredState;
}
