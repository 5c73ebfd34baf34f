import type { Inspection } from '../model/inspection.ts';
import type { ServicePrediction, ServiceVerdict } from '../model/service-prediction.ts';
import type { Predictor } from './predictor.ts';

/** How a file would be stored in Glance. */
export interface FileQuestion {
  /** null: which words would each service accept? */
  readonly diskFormat: string | null;
  readonly containerFormat: string;
}

/** What the services would do with a file. */
export type FileAnswer =
  | {
      readonly kind: 'verdicts';
      readonly diskFormat: string;
      readonly containerFormat: string;
      readonly predictions: readonly ServicePrediction[];
    }
  | { readonly kind: 'words'; readonly containerFormat: string; readonly services: readonly ServiceWords[] };

/** Under which disk formats a service takes the file. */
export interface ServiceWords {
  readonly service: string;
  readonly now: WordVerdicts;
  /** null unless two releases are compared. */
  readonly before: WordVerdicts | null;
}

/** The words that a service was asked about, in their order. It refuses those that are in neither list. */
export interface WordVerdicts {
  readonly accepted: readonly string[];
  readonly unknown: readonly { readonly diskFormat: string; readonly why: string }[];
}

/**
 * Asks the services about a file that is used as the root disk of a server.
 *
 * @param words disk formats to try where the question names none.
 */
export function answerAboutFile(
  predict: Predictor,
  { diskFormat, containerFormat }: FileQuestion,
  words: readonly string[],
  bytes: Inspection,
): FileAnswer {
  const ask = (word: string): readonly ServicePrediction[] =>
    predict({ diskFormat: word, containerFormat, use: 'root', payload: 'bytes' }, bytes);
  if (diskFormat !== null) return { kind: 'verdicts', diskFormat, containerFormat, predictions: ask(diskFormat) };
  const tried = words.flatMap((word) => ask(word).map((prediction) => ({ word, ...prediction })));
  const names = new Set(tried.map(({ service }) => service));
  const services = [...names].map((service): ServiceWords => {
    const found = tried.filter((one) => one.service === service);
    const before = found.flatMap((one) => (one.before === null ? [] : [{ word: one.word, verdict: one.before }]));
    return { service, now: wordVerdicts(found), before: before.length === 0 ? null : wordVerdicts(before) };
  });
  return { kind: 'words', containerFormat, services };
}

function wordVerdicts(found: readonly { readonly word: string; readonly verdict: ServiceVerdict }[]): WordVerdicts {
  return {
    accepted: found.filter(({ verdict }) => verdict.kind === 'accepted').map(({ word }) => word),
    unknown: found.flatMap(({ word, verdict }) =>
      verdict.kind === 'unknown' ? [{ diskFormat: word, why: verdict.why }] : [],
    ),
  };
}
