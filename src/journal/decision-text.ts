import { createHash } from 'node:crypto';

import { isDecided, type Decision } from '../model/decision.ts';

/** A decision in the form the journal stores it; only decided ones carry types, because only these are written to an image. */
export interface DecisionText {
  readonly imageType: string | null;
  readonly containerType: string | null;
  readonly envelope: string | null;
  /** 96 bits of a digest over the three texts below: equal sets have equal keys in every run and on every machine. */
  readonly evidenceKey: string;
  /** JSON list of `{image_type, container_type, envelope}`, best first; null unless ambiguous. */
  readonly candidates: string | null;
  /** JSON list of `{kind, detail}`. */
  readonly evidence: string;
  /** JSON list of finding codes; null where there is none. */
  readonly findings: string | null;
}

/** Decisions are shared between images, so their text is made once per decision and not once per row. */
const texts = new WeakMap<Decision, DecisionText>();

export function decisionText(decision: Decision): DecisionText {
  const known = texts.get(decision);
  if (known !== undefined) {
    return known;
  }
  const typing = isDecided(decision) ? decision.typing : null;
  const candidates =
    decision.status === 'ambiguous'
      ? JSON.stringify(
          decision.candidates.map((candidate) => ({
            image_type: candidate.imageType,
            container_type: candidate.containerType,
            envelope: candidate.envelope,
          })),
        )
      : null;
  const evidence = JSON.stringify(decision.evidence.map(({ kind, detail }) => ({ kind, detail })));
  const findings = decision.findings.length === 0 ? null : JSON.stringify(decision.findings);
  const made: DecisionText = {
    imageType: typing?.imageType ?? null,
    containerType: typing?.containerType ?? null,
    envelope: typing?.envelope ?? null,
    evidenceKey: createHash('sha256')
      .update(JSON.stringify([candidates, evidence, findings]))
      .digest('base64url')
      .slice(0, 16),
    candidates,
    evidence,
    findings,
  };
  texts.set(decision, made);
  return made;
}
