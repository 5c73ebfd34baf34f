import { createHash } from 'node:crypto';

import type { Database, DriverRow, Executor, SqlValue } from '../db/database.ts';
import { keyText } from '../glance/tables/driver-value.ts';
import { isDecided, type Decision } from '../model/decision.ts';
import { PREDICTIONS } from '../model/finding.ts';
import type { ImageRecord } from '../model/image.ts';
import { inLists, marks, tablePages, wholeTable } from './table-pages.ts';
import { DECISIONS_TABLE } from './tables.ts';

/**
 * A decision on a legacy row in the form that the journal stores, once for all images that share it. Only decided ones
 * have types, because only these are written to an image.
 */
export interface StoredForm {
  /**
   * A BIGINT from 0, as decimal digits: 63 bits of a digest over the other fields. Equal contents have equal keys in
   * every run and on every machine, so nothing has to be numbered, and lanes and shards need not agree.
   */
  readonly key: string;
  readonly status: Decision['status'];
  readonly imageType: string | null;
  readonly containerType: string | null;
  readonly envelope: string | null;
  readonly rule: string;
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
  readonly glanceStatus: string;
  /** JSON list of `{image_type, container_type, envelope}`, best first; null unless ambiguous. */
  readonly candidates: string | null;
  /** JSON list of `{kind, detail}`. */
  readonly evidence: string;
  /** JSON list of finding codes, without predictions; null where there is none. */
  readonly findings: string | null;
}

/** Images share decisions, so a form is made once per decision and legacy row. */
const forms = new WeakMap<Decision, StoredForm[]>();

export function storedForm(decision: Decision, image: ImageRecord): StoredForm {
  let known = forms.get(decision);
  if (known === undefined) {
    known = [];
    forms.set(decision, known);
  }
  for (const form of known) {
    if (
      form.diskFormat === image.diskFormat &&
      form.containerFormat === image.containerFormat &&
      form.glanceStatus === image.status
    )
      return form;
  }
  const made = makeForm(decision, image);
  known.push(made);
  return made;
}

function makeForm(decision: Decision, image: ImageRecord): StoredForm {
  const classification = isDecided(decision) ? decision.classification : null;
  const candidates =
    decision.status === 'ambiguous'
      ? JSON.stringify(
          decision.candidates.map(({ imageType, containerType, envelope }) => ({
            image_type: imageType,
            container_type: containerType,
            envelope,
          })),
        )
      : null;
  const findings = decision.findings.filter((code) => !PREDICTIONS.has(code));
  const form = {
    status: decision.status,
    imageType: classification?.imageType ?? null,
    containerType: classification?.containerType ?? null,
    envelope: classification?.envelope ?? null,
    rule: decision.rule,
    diskFormat: image.diskFormat,
    containerFormat: image.containerFormat,
    glanceStatus: image.status,
    candidates,
    evidence: JSON.stringify(decision.evidence.map(({ kind, detail }) => ({ kind, detail }))),
    findings: findings.length === 0 ? null : JSON.stringify(findings),
  };
  return { key: keyOfValues(Object.values(form)), ...form };
}

function keyOfValues(values: readonly SqlValue[]): string {
  const digest = createHash('sha256').update(JSON.stringify(values)).digest();
  return String(digest.readBigUInt64BE() >> 1n);
}

/** A row of retype_decisions as verify needs it. */
export interface DecisionAccount {
  readonly key: string;
  /** `altered`: the key was not made from the other columns. */
  readonly integrity: 'intact' | 'altered';
  /** Status, types and rule, for a person. */
  readonly words: string;
}

const DECISIONS_AT_ONCE = 500;

/** Reads all decisions in pages, in the order of their keys. */
export async function* decisionAccounts(
  executor: Executor,
): AsyncGenerator<readonly DecisionAccount[], void, undefined> {
  for await (const page of tablePages(executor, wholeTable(DECISIONS_TABLE), DECISIONS_AT_ONCE))
    yield page.map(toDecisionAccount);
}

function toDecisionAccount(row: DriverRow): DecisionAccount {
  const key = String(row['decision_key']);
  const types = ['status', 'image_type', 'container_type', 'envelope'].map((column) => keyText(row[column]) ?? 'NULL');
  return {
    key,
    integrity: key === keyOfValues(COLUMNS.slice(1).map((column) => keyText(row[column]))) ? 'intact' : 'altered',
    words: `${types.join(' ')} (${keyText(row['rule'])})`,
  };
}

/** In the order of the fields of `StoredForm`. */
const COLUMNS = [
  'decision_key',
  'status',
  'image_type',
  'container_type',
  'envelope',
  'rule',
  'legacy_disk_format',
  'legacy_container_format',
  'glance_status',
  'candidates',
  'evidence',
  'findings',
] as const;

/** Keys in the cache. A full cache is emptied, and its decisions are offered again, so memory stays bounded. */
const CACHED_KEYS = 20_000;

/** Keys that are known to be in retype_decisions. One for each run of the program. */
export type DecisionCache = Set<string>;

/**
 * Stores decisions that are not stored yet, in a transaction of their own, before the batches that refer to them.
 * Batches that are written side by side then do not wait for each other's decisions. Decisions are found by content and
 * never change, so an unused one does no harm.
 */
export async function storeDecisions(
  database: Database,
  cache: DecisionCache,
  wanted: Iterable<StoredForm>,
): Promise<void> {
  const missing = new Map<string, StoredForm>();
  for (const form of wanted) if (!cache.has(form.key)) missing.set(form.key, form);
  if (missing.size === 0) return;
  // All writers use one order, so two of them may wait for each other but never in a circle.
  const forms = [...missing.values()].toSorted((one, other) => (one.key < other.key ? -1 : 1));
  const rows = forms.map(({ key, ...form }): readonly SqlValue[] => [BigInt(key), ...Object.values(form)]);
  await database.transaction(async (trx) => database.dialect.insertMissingRows(trx, DECISIONS_TABLE, COLUMNS, rows));
  if (cache.size + forms.length > CACHED_KEYS) cache.clear();
  for (const { key } of forms) cache.add(key);
}

/** The keys of a list that retype_decisions has. */
export async function findDecisions(executor: Executor, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const chunk of inLists(keys)) {
    const rows = await executor.query(
      `SELECT decision_key FROM ${DECISIONS_TABLE} WHERE decision_key IN (${marks(chunk)})`,
      // SQLite's columns take any value, and another hand may have written one.
      chunk.map((key) => (/^\d{1,19}$/.test(key) ? BigInt(key) : key)),
    );
    for (const row of rows) found.add(String(row['decision_key']));
  }
  return found;
}
