import type { Layer } from '../condition/condition.ts';
import type { Combination, Format } from '../table/service-table.ts';
import type { Knowledge } from './knowledge.ts';
import type { ReleasedService } from './released-service.ts';

/** One result that the detection of the format can have. */
interface Detection {
  /** Formats that match; empty: several, nobody knows which. */
  readonly formats: readonly string[];
  /** The format that the service goes on with; null if it refuses several, or finds another one than the declared. */
  readonly detected: string | null;
  readonly refused: boolean;
  /** What the result says of each format; a format that is left out may match or not. */
  readonly matching: readonly Format[];
  readonly failing: readonly Format[];
}

/** What the detection can find, and the clause for what was not seen where there is more than one possibility. */
export interface Detections {
  readonly options: readonly Detection[];
  readonly label: string;
}

interface Candidates {
  readonly certain: readonly Format[];
  readonly open: readonly Format[];
  readonly out: readonly Format[];
}

/** Lists every result that the detection can have. It may list more than the unseen bytes allow, and never fewer. */
export function detect(service: ReleasedService, word: string | null, layer: Layer, known: Knowledge): Detections {
  const { inspector } = service;
  const tried =
    inspector.several === 'declared' ? inspector.formats.filter((format) => format.name === word) : inspector.formats;
  const results = tried.map((format) => [format, known.evaluate(format.matches, layer)] as const);
  const pickOut = (wanted: boolean | null) =>
    results.filter(([, result]) => result === wanted).map(([format]) => format);
  const candidates: Candidates = { certain: pickOut(true), open: pickOut(null), out: pickOut(false) };
  const [hinge] = candidates.open;
  const label = hinge === undefined ? '' : known.label(hinge.matches, layer);
  if (inspector.several === 'first') return { options: firstMatch(tried, candidates, inspector.otherwise), label };
  const options = [...single(candidates, service, word), ...several(candidates, service, layer, known)];
  const unsettled = service.combinations.find(
    ({ when }) => when !== null && candidates.open.length === 0 && known.evaluate(when, layer) === null,
  );
  return { options, label: unsettled?.when ? known.label(unsettled.when, layer) : label };
}

function firstMatch(
  formats: readonly Format[],
  { certain, open }: Candidates,
  otherwise: string,
): readonly Detection[] {
  const options: Detection[] = [];
  for (const [i, format] of formats.entries()) {
    const failing = formats.slice(0, i);
    const found = { formats: [format.name], detected: format.name, refused: false, matching: [format], failing };
    if (certain.includes(format)) return [...options, found];
    if (open.includes(format)) options.push(found);
  }
  return [...options, { formats: [otherwise], detected: otherwise, refused: false, matching: [], failing: formats }];
}

/** Results with one format, or none. */
function single(
  { certain, open, out }: Candidates,
  service: ReleasedService,
  word: string | null,
): readonly Detection[] {
  const { several: mode, otherwise } = service.inspector;
  if (certain.length > 1) return [];
  const all = [...certain, ...open, ...out];
  const one = (format: Format): Detection => ({
    formats: [format.name],
    detected: format.name,
    refused: false,
    matching: [format],
    failing: all.filter((other) => other !== format),
  });
  if (certain.length === 1) return certain.map(one);
  const detected = mode === 'declared' && word !== otherwise ? null : otherwise;
  return [...open.map(one), { formats: [otherwise], detected, refused: false, matching: [], failing: all }];
}

/** Results with several formats: combinations that count as one, and what is refused. */
function several(
  { certain, open, out }: Candidates,
  { combinations }: ReleasedService,
  layer: Layer,
  known: Knowledge,
): readonly Detection[] {
  const possible = [...certain, ...open];
  if (possible.length < 2) return [];
  const refused: Detection = {
    formats: open.length === 0 ? certain.map((format) => format.name) : [],
    detected: null,
    refused: true,
    matching: certain,
    failing: [],
  };
  const allowed = combinations.filter(
    (one) =>
      certain.every((format) => one.formats.includes(format.name)) &&
      one.formats.every((name) => possible.some((format) => format.name === name)) &&
      (one.when === null || known.evaluate(one.when, layer) !== false),
  );
  const combined = allowed.map((one: Combination): Detection => {
    const matching = possible.filter((format) => one.formats.includes(format.name));
    const failing = [...possible, ...out].filter((format) => !matching.includes(format));
    return { formats: one.formats, detected: one.countsAs, refused: false, matching, failing };
  });
  // Where the one combination is all there can be, and counts for certain, nothing else is refused.
  const settled = allowed.some(
    (one) => one.formats.length === possible.length && (one.when === null || known.evaluate(one.when, layer) === true),
  );
  return settled ? combined : [...combined, refused];
}
