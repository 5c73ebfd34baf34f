import type { Database, Executor } from '../db/database.ts';
import type { Decision } from '../model/decision.ts';
import { decisionText, type DecisionText } from './decision-text.ts';
import { inLists, marks } from './id-lists.ts';
import { EVIDENCE_TABLE } from './tables.ts';

/** Keys remembered as stored; beyond it they are forgotten and looked up again, so memory stays bounded. */
const REMEMBERED = 100_000;

/** Keys that are known to be committed in retype_evidence. One per run of the program. */
export interface EvidenceShelf {
  readonly stored: Set<string>;
}

export function createEvidenceShelf(): EvidenceShelf {
  return { stored: new Set() };
}

/**
 * Stores the evidence of a batch's decisions that is not stored yet, in the batch's own transaction.
 *
 * @returns the keys of the batch; give them to `rememberEvidence` once it is committed, and not before: a batch that is rolled
 * back takes its evidence with it.
 */
export async function storeEvidence(
  database: Database,
  trx: Executor,
  shelf: EvidenceShelf,
  decisions: Iterable<Decision>,
): Promise<readonly string[]> {
  const missing = new Map<string, DecisionText>();
  for (const decision of decisions) {
    const text = decisionText(decision);
    if (!shelf.stored.has(text.evidenceKey)) {
      missing.set(text.evidenceKey, text);
    }
  }
  const keys = [...missing.keys()];
  for (const chunk of inLists(keys)) {
    const found = await trx.query(
      `SELECT evidence_key FROM ${EVIDENCE_TABLE} WHERE evidence_key IN (${marks(chunk)})`,
      chunk,
    );
    for (const row of found) {
      missing.delete(String(row['evidence_key']));
    }
  }
  if (missing.size > 0) {
    await database.dialect.insertRows(
      trx,
      EVIDENCE_TABLE,
      ['evidence_key', 'candidates', 'evidence', 'findings'],
      [...missing.values()].map((text) => [text.evidenceKey, text.candidates, text.evidence, text.findings]),
    );
  }
  return keys;
}

export function rememberEvidence(shelf: EvidenceShelf, keys: readonly string[]): void {
  if (shelf.stored.size + keys.length > REMEMBERED) {
    shelf.stored.clear();
  }
  for (const key of keys) {
    shelf.stored.add(key);
  }
}
