import type { Decision } from '../../../model/decision.ts';
import { FINDINGS, type FindingCode } from '../../../model/finding.ts';
import { SAFETY, type SafetyCode } from '../../../model/safety.ts';
import { safeText } from '../../words/safe-text.ts';
import type { CollectedImages, KeptImage } from './collector.ts';
import type { CodeWords, ImageData, ImageKind } from './data.ts';
import { imageKind } from './kind.ts';

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
    of(key, make) {
      const found = places.get(key);
      if (found !== undefined) return found;
      places.set(key, list.length);
      return list.push(make()) - 1;
    },
  };
}

/** The kept images as columns of places in lists of what images share. All text is safe to show. */
export function imageData({ total, kept }: CollectedImages): ImageData {
  const kinds = createPlaces<ImageKind>();
  const owners = createPlaces<string | null>();
  const sights = createPlaces<readonly [string, string]>();
  const evidence = createPlaces<readonly number[]>();
  const evidencePlaces = new Map<Decision, number>();
  const codes: Record<string, CodeWords> = {};

  const kindPlace = createKindPlaces(kinds, (kind) => {
    for (const code of kind.findings) codes[code] = wordsOf(FINDINGS[code as FindingCode]);
    for (const code of kind.safety) codes[code] = wordsOf(SAFETY[code as SafetyCode]);
  });
  const evidencePlace = (decision: Decision): number => {
    const found = evidencePlaces.get(decision);
    if (found !== undefined) return found;
    const lines = decision.evidence.map(({ kind, detail }) =>
      sights.of(`${kind}\n${detail}`, () => [safeText(kind), safeText(detail)]),
    );
    const place = evidence.of(lines.join(), () => lines);
    evidencePlaces.set(decision, place);
    return place;
  };

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
    owners: owners.list,
    sights: sights.list,
    evidence: evidence.list,
    columns,
  };
}

/** Images share decisions, mostly with one spelling of the tuple, so the last kind of each decision is kept. */
function createKindPlaces(kinds: Places<ImageKind>, onNew: (kind: ImageKind) => void): (image: KeptImage) => number {
  const last = new Map<Decision, { readonly image: KeptImage; readonly place: number }>();
  return (image) => {
    const before = last.get(image.decision);
    if (before !== undefined && alike(before.image, image)) return before.place;
    const kind = imageKind(image);
    const place = kinds.of(JSON.stringify(kind), () => {
      onNew(kind);
      return kind;
    });
    last.set(image.decision, { image, place });
    return place;
  };
}

function alike(a: KeptImage, b: KeptImage): boolean {
  return a.diskFormat === b.diskFormat && a.containerFormat === b.containerFormat && a.glance === b.glance;
}

function wordsOf({ severity, title }: CodeWords): CodeWords {
  return { severity, title };
}
