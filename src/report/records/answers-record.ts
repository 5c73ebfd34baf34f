import type { AnswerReview, AnswerValue } from '../../model/answer.ts';
import { candidateRecord } from './decision-record.ts';

/** The preview of a answers file as it stands in a JSON document. Keys are only ever added. */
export function answersRecord({ file, digest, effects, remarks }: AnswerReview): object {
  return {
    file,
    digest,
    effects: effects.map(({ value, againstProof, sampleIds, ...effect }) => ({
      ...effect,
      answer: answerRecord(value),
      against_proof: againstProof,
      sample_ids: sampleIds,
    })),
    remarks,
  };
}

/** null: to be left as it is. */
function answerRecord(value: AnswerValue): object | null {
  return value.kind === 'leave' ? null : candidateRecord(value.classification);
}
