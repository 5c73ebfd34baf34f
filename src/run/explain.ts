import { compareRow, resultsIn, resultSelection, type ResultValues } from '../journal/compare-row.ts';
import { readHistory } from '../journal/history.ts';
import type { Target } from '../journal/meta.ts';
import { listRuns } from '../journal/runs.ts';
import type { Database, SqlValue } from '../db/database.ts';
import { lookUpImages, noSuchImage } from '../glance/tables/image-lookup.ts';
import { bindKey } from '../glance/tables/keys.ts';
import { type GlanceSchema } from '../glance/tables/schema.ts';
import { readImages } from '../glance/reader/reader.ts';
import { readReferencesTo } from '../glance/references/references.ts';
import { keyText } from '../glance/tables/driver-value.ts';
import type { Decision } from '../model/decision.ts';
import { RetypeError } from '../model/error.ts';
import type { ImageRecord } from '../model/image.ts';
import type { StoredState } from '../model/stored-state.ts';
import type { RuleTable } from '../rules/table/rule-table.ts';
import type { Predictor } from '../services/predictor.ts';
import { type Explanation, traceDecision } from '../rules/trace/trace.ts';
import { withContent, type ReadContext } from './context/context.ts';
import { findMeta, INTERRUPTED } from './preflight.ts';

/** What explain works with. */
export type ExplainContext = Pick<ReadContext, 'reader' | 'schema' | 'decide' | 'lookInside' | 'onEvent' | 'stop'> & {
  readonly table: RuleTable;
  readonly predict: Predictor;
};

/** Ids named in a message. */
const IDS_NAMED = 5;

/**
 * The image that an operator means: by its id, soft-deleted or not; else by the name that one live image alone has.
 * Names have no index, so a large table takes a while.
 *
 * @throws RetypeError NO_SUCH_IMAGE, also where several images have the name.
 */
async function findImage(reader: Database, schema: GlanceSchema, word: string): Promise<string> {
  const found = (await lookUpImages(reader, schema, [word])).get(word);
  if (found !== undefined) return found.id;
  // A server may refuse to compare these.
  if (word.length > LONGEST_NAME || /\p{Cc}|\p{Cs}/u.test(word)) throw noSuchImage(word, schema);
  const named = await reader.query(
    `SELECT id FROM images WHERE name = ? AND NOT deleted ORDER BY id LIMIT ${IDS_NAMED + 1}`,
    [word],
  );
  const ids = named.map((row) => keyText(row['id'])).filter((id) => id !== null);
  const [only] = ids;
  if (only === undefined) throw noSuchImage(word, schema);
  if (ids.length === 1) return only;
  const more = ids.length > IDS_NAMED ? ' and more' : '';
  throw new RetypeError('NO_SUCH_IMAGE', {
    place: `the image ${JSON.stringify(word)}`,
    expected: 'the id of a row of images, or a name that one image alone has',
    found: `a name that several images have: ${ids.slice(0, IDS_NAMED).join(', ')}${more}`,
    advice: 'give one of these ids',
  });
}

/** `images.name` is VARCHAR(255). */
const LONGEST_NAME = 255;

/**
 * Reads one image, soft-deleted or not, with everything that its decision depends on, and what is stored of it. Writes
 * nothing.
 *
 * @param word its id, or the name that one live image alone has.
 * @returns null where the operator asked for a stop while the image's bytes were being read.
 * @throws RetypeError NO_SUCH_IMAGE, ROW_UNREADABLE.
 */
export async function explain(context: ExplainContext, word: string): Promise<Explanation | null> {
  const { reader, schema } = context;
  const id = await findImage(reader, schema, word);
  const references = await readReferencesTo(reader, schema, id);
  const [row] = await readImages(reader, schema, references, [id]);
  if (row === undefined) throw noSuchImage(id, schema);
  const looked = await withContent(context, [row]);
  const [evidence] = looked ?? [];
  if (evidence === undefined) return null;
  const decision = context.decide(evidence);
  return {
    evidence,
    trace: traceDecision(evidence, context.table, context.predict),
    decision,
    stored: await readStored(reader, schema, evidence.image, decision),
  };
}

async function readStored(
  reader: Database,
  schema: GlanceSchema,
  image: ImageRecord,
  decision: Decision,
): Promise<StoredState> {
  const meta = await findMeta(reader);
  if (meta === null) return { kind: 'not-expanded' };
  if (meta.state !== 'expanded') return { kind: 'interrupted', command: INTERRUPTED[meta.state] };
  const key = bindKey(schema, image.id);
  if (key === null) throw new Error(`a key that was read from the table is none: ${image.id}`);
  const { current: entry, earlier } = await readHistory(reader, key);
  const runs = entry === null ? [] : await listRuns(reader);
  const results = meta.target.kind === 'table' ? null : await readResults(reader, meta.target, key);
  const compared = compareRow(image, decision, results, entry);
  return {
    kind: 'expanded',
    target: meta.target.kind,
    current: entry,
    earlier,
    run: runs.find((run) => run.id === entry?.runId) ?? null,
    comparison: compared.decision,
    results: results === null ? null : { ...results, integrity: compared.results },
  };
}

async function readResults(reader: Database, target: Target, key: SqlValue): Promise<ResultValues> {
  const columns = resultSelection(reader, target).join(', ');
  const [row] = await reader.query(`SELECT ${columns} FROM images WHERE id = ?`, [key]);
  return resultsIn(row);
}
