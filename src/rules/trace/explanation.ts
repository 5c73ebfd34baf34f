import type { Decision } from '../../model/decision.ts';
import type { ImageEvidence } from '../../model/image.ts';
import type { StoredState } from '../../model/stored-state.ts';
import type { Trace } from './trace.ts';

/** Everything there is to tell about one image. */
export interface Explanation {
  readonly evidence: ImageEvidence;
  /** By the rules alone. */
  readonly trace: Trace;
  /** By the rules and the answers; equal to the trace's where no answer met the image. */
  readonly decision: Decision;
  readonly stored: StoredState;
}
