import type { ImageData, ImageKind } from './data.ts';
import { createOrders } from './order.ts';
import { FACETS, type Facet, type ImageQuery } from './query.ts';

/** A value to filter by, and how many images have it. */
interface FacetValue {
  readonly value: string;
  readonly count: number;
}

export interface ImageIndex {
  readonly size: number;
  values(facet: Facet): readonly FacetValue[];
  /** Builds the texts that the first search would build. */
  prepareSearch(): void;
  /** Rows that a query asks for, in its order. */
  select(query: ImageQuery): Uint32Array;
}

/** The values of a kind in each facet. */
const VALUES: Readonly<Record<Facet, (kind: ImageKind) => readonly (string | null)[]>> = {
  status: (kind) => [kind.status],
  image_type: (kind) => [kind.imageType],
  container_type: (kind) => [kind.containerType],
  envelope: (kind) => [kind.envelope],
  disk_format: (kind) => [kind.disk],
  container_format: (kind) => [kind.container],
  finding: (kind) => kind.findings,
  safety: (kind) => kind.safety,
  question: (kind) => [kind.question],
  cutover: (kind) => [kind.cutover],
  rule: (kind) => [kind.rule],
  answer: (kind) => [kind.answer],
};

/** Answers queries over the images of a page. Every query takes one pass over the rows. */
export function createImageIndex(data: ImageData): ImageIndex {
  const { columns, kinds, owners } = data;
  const size = columns.id.length;
  const kindOf = Uint32Array.from(columns.kind);
  const ownerOf = Uint32Array.from(columns.owner);
  const perKind = new Uint32Array(kinds.length);
  for (const kind of kindOf) perKind[kind] = (perKind[kind] ?? 0) + 1;
  const kindTexts = kinds.map(kindText);
  const ownerTexts = owners.map((owner) => (owner ?? '').toLowerCase());
  const orders = createOrders(data);
  let known: readonly string[] | null = null;
  const ownTexts = (): readonly string[] => {
    known ??= columns.id.map((id, row) => `${id}\n${columns.name[row] ?? ''}`.toLowerCase());
    return known;
  };

  const textPass = (text: string): ((row: number) => boolean)[] =>
    text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word) => {
        const texts = ownTexts();
        const byKind = Uint8Array.from(kindTexts, (candidate) => Number(candidate.includes(word)));
        const byOwner = Uint8Array.from(ownerTexts, (candidate) => Number(candidate.includes(word)));
        return (row) =>
          byKind[kindOf[row] ?? 0] === 1 || byOwner[ownerOf[row] ?? 0] === 1 || texts[row]?.includes(word) === true;
      });

  return {
    size,
    values(facet) {
      const counts = new Map<string, number>();
      for (const [place, kind] of kinds.entries()) {
        for (const value of VALUES[facet](kind)) {
          if (value !== null) counts.set(value, (counts.get(value) ?? 0) + (perKind[place] ?? 0));
        }
      }
      return [...counts]
        .map(([value, count]) => ({ value, count }))
        .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
    },
    prepareSearch() {
      ownTexts();
    },
    select({ text, facets, sort }) {
      const kindPass = Uint8Array.from(kinds, (kind) =>
        Number(
          FACETS.every((facet) => {
            const wanted = facets[facet];
            return wanted === undefined || VALUES[facet](kind).includes(wanted);
          }),
        ),
      );
      const words = textPass(text);
      const order = sort === null ? null : orders.of(sort);
      const found = new Uint32Array(size);
      let count = 0;
      for (let place = 0; place < size; place += 1) {
        const row = order === null ? place : (order[place] ?? 0);
        if (kindPass[kindOf[row] ?? 0] !== 1 || !words.every((matches) => matches(row))) continue;
        found[count] = row;
        count += 1;
      }
      return found.slice(0, count);
    },
  };
}

function kindText(kind: ImageKind): string {
  const { disk, container, status, becomes, rule, question, answer, findings, safety, glance } = kind;
  return [`${disk}/${container}`, status, becomes, rule, question, answer, ...findings, ...safety, glance]
    .filter((text) => text !== null)
    .join('\n')
    .toLowerCase();
}
