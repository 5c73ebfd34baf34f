import type { Problem } from '../../model/error.ts';
import { FINDING_CODES, type FindingCode } from '../../model/finding.ts';
import type { Attribute, Domains } from './attribute.ts';
import { type Condition, readCondition } from './condition.ts';
import type { Row } from './rule-table.ts';
import { readList, readMap, readText, readWords, wrong } from '../../yaml/read-node.ts';
import type { Vocabulary } from './word.ts';
import type { Located } from '../../yaml/yaml-tree.ts';

/** The keys that rows of one section may have. */
export interface SectionShape<Then> {
  readonly attributes: readonly Attribute[];
  /** Optional keys beside id, when, then and reason. */
  readonly extraKeys: readonly 'findings'[];
  /** Returns null if the outcome cannot be used, after adding the problems. */
  readonly readThen: (node: Located, problems: Problem[]) => Then | null;
  /** Replaces the reader of conditions (contradictions). */
  readonly readWhen?: (node: Located, problems: Problem[]) => Condition;
}

interface Context {
  readonly domains: Domains;
  readonly vocabulary: Vocabulary;
  readonly problems: Problem[];
  /** Ids read so far from all files, with their places. */
  readonly ids: Map<string, string>;
}

/** Reads the rows of a section in order. A row with a problem is left out, so that it causes no other problems. */
export function readSection<Then>(
  list: Located | undefined,
  shape: SectionShape<Then>,
  { domains, vocabulary, problems, ids }: Context,
): readonly Row<Then>[] {
  const rows: Row<Then>[] = [];
  for (const node of readList(list, problems)) {
    const before = problems.length;
    const entries = readMap(node, ['id', 'when', 'then', 'reason', ...shape.extraKeys], problems);
    const id = readText(entries.get('id'), node.place, 'an id', problems);
    const reason = readText(entries.get('reason'), node.place, 'a reason, one line', problems);
    if (id !== null) claimId(id, entries.get('id')?.place ?? node.place, ids, problems);
    const [whenNode, thenNode] = [entries.get('when'), entries.get('then')];
    for (const [key, value] of [
      ['when', whenNode],
      ['then', thenNode],
    ] as const) {
      if (value === undefined) {
        wrong(node, `the key ${key}`, `add ${key}`, problems, 'nothing');
      }
    }
    if (whenNode === undefined || thenNode === undefined) continue;
    const when =
      shape.readWhen?.(whenNode, problems) ?? readCondition(whenNode, shape.attributes, domains, vocabulary, problems);
    const outcome = shape.readThen(thenNode, problems);
    const findings: readonly FindingCode[] = readWords(entries.get('findings'), FINDING_CODES, problems);
    if (problems.length > before || id === null || reason === null) continue;
    rows.push({ id, reason, when, outcome: outcome as Then, findings, place: node.place });
  }
  return rows;
}

/** Journal and reports contain ids. The length is that of the journal's column. */
function claimId(id: string, place: string, ids: Map<string, string>, problems: Problem[]): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}$/.test(id)) {
    problems.push({
      place,
      expected: 'an id of 1 to 64 letters, digits, _ . + -',
      found: JSON.stringify(id),
      advice: 'rename the row',
    });
  }
  const earlier = ids.get(id);
  if (earlier === undefined) ids.set(id, place);
  else {
    problems.push({
      place,
      expected: 'an id of its own',
      found: `${id}, as at ${earlier}`,
      advice: 'rename one of the rows',
    });
  }
}
