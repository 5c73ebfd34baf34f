import { type Decision, isDecided } from '../../../model/decision.ts';
import { type FindingCode, FINDINGS } from '../../../model/finding.ts';
import { questionId } from '../../../model/question-id.ts';
import { SAFETY, type SafetyCode } from '../../../model/safety.ts';
import type { ServicePrediction } from '../../../model/service-prediction.ts';
import { getOrMake } from '../../plan/bounded-groups.ts';
import type { PlanReport } from '../../plan/report.ts';
import { candidatesText, classificationText } from '../../words/decision-words.ts';
import { formatWord } from '../../../model/fold-word.ts';
import { jsonText, safeText } from '../../words/safe-text.ts';
import { filterWords, predictionLines, titleOf } from '../../words/service-lines.ts';
import type { CollectedImages, KeptImage } from './collector.ts';
import type { CodeWords, ImageData, ImageKind, ServiceSight } from './data.ts';

/** A list in which equal things have one place. */
interface Places<T> {
  readonly list: T[];
  of(key: string, make: () => T): number;
}

function createPlaces<T>(): Places<T> {
  const list: T[] = [];
  const places = new Map<string, number>();
  return {
    list,
    of: (key, make) => getOrMake(places, key, () => list.push(make()) - 1),
  };
}

/** The kept images as columns of places in lists of what images share. All text is safe to show. */
export function imageData(
  { total, kept }: CollectedImages,
  report: Pick<PlanReport, 'header' | 'serviceTitles'>,
): ImageData {
  const kinds = createPlaces<ImageKind>();
  const services = createPlaces<ServiceSight>();
  const owners = createPlaces<string | null>();
  const sights = createPlaces<readonly [string, string]>();
  const evidence = createPlaces<readonly number[]>();
  const evidencePlaces = new Map<Decision, number>();
  const codes: Record<string, CodeWords> = {};

  const servicePlaces = new WeakMap<readonly ServicePrediction[], readonly number[]>();
  const placesOf = (predictions: readonly ServicePrediction[]): readonly number[] =>
    getOrMake(servicePlaces, predictions, () =>
      predictions.map((each) => {
        const sight = serviceSight(each, report);
        return services.of(JSON.stringify(sight), () => sight);
      }),
    );
  const kindPlace = createKindPlaces(kinds, placesOf, (kind) => {
    for (const code of kind.findings) codes[code] = wordsOf(FINDINGS[code as FindingCode]);
    for (const code of kind.safety) codes[code] = wordsOf(SAFETY[code as SafetyCode]);
  });
  const evidencePlace = (decision: Decision): number =>
    getOrMake(evidencePlaces, decision, () => {
      const lines = decision.evidence.map(({ kind, detail }) =>
        sights.of(`${kind}\n${detail}`, () => [safeText(kind), safeText(detail)]),
      );
      return evidence.of(lines.join(), () => lines);
    });

  const columns = {
    id: kept.map(({ id }) => safeText(id)),
    name: kept.map(({ name }) => (name === null ? null : safeText(name))),
    owner: kept.map(({ owner }) => owners.of(JSON.stringify(owner), () => (owner === null ? null : safeText(owner)))),
    kind: kept.map(kindPlace),
    evidence: kept.map(({ decision }) => evidencePlace(decision)),
  };
  return {
    total,
    codes,
    kinds: kinds.list,
    services: services.list,
    owners: owners.list,
    sights: sights.list,
    evidence: evidence.list,
    columns,
  };
}

const SPELLING = ['diskFormat', 'containerFormat', 'glance'] as const;

/** Images share decisions, mostly with one spelling of the tuple, so the last kind of each decision is kept. */
function createKindPlaces(
  kinds: Places<ImageKind>,
  placesOf: (predictions: readonly ServicePrediction[]) => readonly number[],
  onNew: (kind: ImageKind) => void,
): (image: KeptImage) => number {
  const last = new Map<Decision, { readonly image: KeptImage; readonly place: number }>();
  return (image) => {
    const before = last.get(image.decision);
    if (before !== undefined && SPELLING.every((key) => before.image[key] === image[key])) return before.place;
    const kind = imageKind(image, placesOf(image.decision.services));
    const place = kinds.of(JSON.stringify(kind), () => {
      onNew(kind);
      return kind;
    });
    last.set(image.decision, { image, place });
    return place;
  };
}

function wordsOf({ severity, title }: CodeWords): CodeWords {
  return { severity, title };
}

/** @param services places of what the services do with it. */
export function imageKind(image: KeptImage, services: readonly number[]): ImageKind {
  const { decision } = image;
  const decided = isDecided(decision) ? decision : null;
  const partly = decision.status === 'unmappable' ? decision : null;
  const candidates = decision.status === 'ambiguous' ? decision.candidates : [];
  return {
    glance: safeText(image.glance),
    disk: safeText(formatWord(image.diskFormat)),
    container: safeText(formatWord(image.containerFormat)),
    status: decision.status,
    becomes: decided === null ? candidatesText(candidates) : classificationText(decided.classification),
    imageType: decided?.classification.imageType ?? partly?.imageType ?? null,
    containerType: decided?.classification.containerType ?? null,
    envelope: decided?.classification.envelope ?? partly?.envelope ?? null,
    format: decided?.oneField.format ?? null,
    rule: safeText(decision.rule),
    reason: safeText(decision.reason),
    candidates: candidates.map(classificationText),
    findings: decision.findings,
    safety: decision.content?.kind === 'read' ? decision.content.safety : [],
    cutover: decided === null ? 'open' : decided.disposition === decided.novaToday ? 'same' : 'differs',
    today: decision.novaToday,
    after: decided?.disposition ?? null,
    question: questionId(image, decision),
    answer: decision.answered === undefined ? null : safeText(decision.answered.answer),
    services,
  };
}

function serviceSight(
  prediction: ServicePrediction,
  { header, serviceTitles }: Pick<PlanReport, 'header' | 'serviceTitles'>,
): ServiceSight {
  const title = titleOf(prediction.service, serviceTitles);
  return {
    title: safeText(title),
    words: filterWords(prediction, title).map(safeText),
    lines: predictionLines([prediction], header, serviceTitles).map(({ text }) => safeText(text)),
  };
}

/** Entries of a column handed on at a time. */
const PIECE = 5_000;

/** JSON for a script element: nothing in it can end the element or begin a comment. */
function blockText(value: unknown): string {
  return jsonText(value).replaceAll('<', '\\u003c');
}

/** The data block of the page, in pieces: one JSON document that parses to `ImageData`. */
export function* imageBlock(data: ImageData): Generator<string> {
  const { columns, ...lists } = data;
  yield '<script type="application/json" id="image-data">{';
  for (const [key, value] of Object.entries(lists)) {
    yield `${blockText(key)}:`;
    yield* Array.isArray(value) ? listText(value) : [blockText(value)];
    yield ',';
  }
  yield '"columns":{';
  let between = '';
  for (const [key, value] of Object.entries(columns)) {
    yield `${between}${blockText(key)}:`;
    yield* listText(value as readonly unknown[]);
    between = ',';
  }
  yield '}}</script>\n';
}

function* listText(list: readonly unknown[]): Generator<string> {
  yield '[';
  for (let from = 0; from < list.length; from += PIECE) {
    const text = blockText(list.slice(from, from + PIECE)).slice(1, -1);
    yield from === 0 ? text : `,${text}`;
  }
  yield ']';
}
