import { formatWord } from '../../model/fold-word.ts';
import { type Inspection, inspectionKey, NOTHING_SEEN } from '../../model/inspection.ts';
import type { ServicePrediction, ServiceVerdict } from '../../model/service-prediction.ts';
import type { Predictor, ServiceRow } from '../predictor.ts';
import type { ServiceTable } from '../table/service-table.ts';
import { namedContainers } from '../table/named-words.ts';

/** Stands for a word that the table does not name: every such word has the same verdict. */
const OTHER_WORD = '{other word}';
const OTHER_CONTAINER = '{other container}';

/** Images whose predictions are kept, inclusive. Real sites have hundreds that differ. */
const MOST_KEPT = 4_000;

/**
 * Returns the same function with a memory. Images that the table cannot tell apart are judged once and share one list:
 * reports look up what they count by it.
 */
export function remembered(table: ServiceTable, predict: Predictor): Predictor {
  const words = new Set(table.diskFormats);
  const containers = namedContainers(table);
  const kept = new Map<string, readonly ServicePrediction[]>();
  const bytesKeys = new WeakMap<Inspection, string>();
  const keyOf = (bytes: Inspection | null): string => {
    if (bytes === null || bytes === NOTHING_SEEN) return '';
    const key = bytesKeys.get(bytes) ?? inspectionKey(bytes);
    bytesKeys.set(bytes, key);
    return key;
  };
  return (row, bytes) => {
    const { diskFormat, containerFormat } = row;
    const like: ServiceRow = {
      ...row,
      diskFormat: diskFormat === null || words.has(diskFormat) ? diskFormat : OTHER_WORD,
      containerFormat: containerFormat === null || containers.has(containerFormat) ? containerFormat : OTHER_CONTAINER,
    };
    const key = JSON.stringify([like.diskFormat, like.containerFormat, row.use, row.payload, keyOf(bytes)]);
    let predictions = kept.get(key);
    if (predictions === undefined) {
      if (kept.size >= MOST_KEPT) kept.clear();
      predictions = predict(like, bytes);
      kept.set(key, predictions);
    }
    if (like.diskFormat === diskFormat && like.containerFormat === containerFormat) return predictions;
    return predictions.map(({ service, verdict, before }) => ({
      service,
      verdict: inWordsOf(row, verdict),
      before: before === null ? null : inWordsOf(row, before),
    }));
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
