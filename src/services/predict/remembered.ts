import { formatWord } from '../../model/fold-word.ts';
import { type Inspection, NOTHING_SEEN } from '../../model/inspection.ts';
import type { ServiceVerdict } from '../../model/service-prediction.ts';
import type { ServiceRow } from '../predictor.ts';
import type { ServiceTable } from '../table/service-table.ts';
import { namedContainers } from '../table/named-words.ts';

/** Judges one service. */
export type JudgeRow = (service: string, row: ServiceRow, bytes: Inspection | null) => ServiceVerdict;

/** Stands for a word that the table does not name: every such word has the same verdict. */
const OTHER_WORD = '{other word}';
const OTHER_CONTAINER = '{other container}';

/** Verdicts that are kept, inclusive. Real sites have hundreds. */
const MOST_KEPT = 20_000;

/** Returns the same function with a memory. Images that the table cannot tell apart are judged once. */
export function remembered(table: ServiceTable, judge: JudgeRow): JudgeRow {
  const words = new Set(table.diskFormats);
  const containers = namedContainers(table);
  const kept = new Map<string, ServiceVerdict>();
  const bytesKeys = new WeakMap<Inspection, string>();
  const keyOf = (bytes: Inspection | null): string => {
    if (bytes === null || bytes === NOTHING_SEEN) return '';
    const key = bytesKeys.get(bytes) ?? JSON.stringify(bytes);
    bytesKeys.set(bytes, key);
    return key;
  };
  return (service, row, bytes) => {
    const like: ServiceRow = {
      ...row,
      diskFormat: row.diskFormat === null || words.has(row.diskFormat) ? row.diskFormat : OTHER_WORD,
      containerFormat:
        row.containerFormat === null || containers.has(row.containerFormat) ? row.containerFormat : OTHER_CONTAINER,
    };
    const key = JSON.stringify([service, like.diskFormat, like.containerFormat, row.use, row.payload, keyOf(bytes)]);
    const known = kept.get(key);
    if (kept.size >= MOST_KEPT) kept.clear();
    const verdict = known ?? judge(service, like, bytes);
    kept.set(key, verdict);
    return like.diskFormat === row.diskFormat && like.containerFormat === row.containerFormat
      ? verdict
      : inWordsOf(row, verdict);
  };
}

function inWordsOf(row: ServiceRow, verdict: ServiceVerdict): ServiceVerdict {
  if (verdict.kind !== 'refused') return verdict;
  const why = verdict.why
    .replaceAll(OTHER_WORD, () => formatWord(row.diskFormat))
    .replaceAll(OTHER_CONTAINER, () => formatWord(row.containerFormat));
  return {
    ...verdict,
    why,
    remedies: verdict.remedies.map((remedy) =>
      remedy.kind === 'word' && remedy.containerFormat === OTHER_CONTAINER
        ? { ...remedy, containerFormat: row.containerFormat ?? '' }
        : remedy,
    ),
  };
}
