import type { AnswerReview, AnswerVerdict } from '../../model/answer.ts';
import { candidateRecord } from './decision-record.ts';

/** The preview of a answers file as it stands in a JSON document. Keys are only ever added. */
export function answersRecord({ file, digest, effects, remarks }: AnswerReview): object {
  return {
    file,
    digest,
    effects: effects.map(({ verdict, againstProof, sampleIds, ...effect }) => ({
      ...effect,
      answer: verdictRecord(verdict),
      against_proof: againstProof,
      sample_ids: sampleIds,
    })),
    remarks,
  };
}

/** null: to be left as it is. */
function verdictRecord(verdict: AnswerVerdict): object | null {
  return verdict.kind === 'leave' ? null : candidateRecord(verdict.classification);
}
