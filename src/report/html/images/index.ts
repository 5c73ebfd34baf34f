import { DECISION_STATUSES } from '../../../model/vocabulary.ts';
import type { ImageData, ImageKind } from './data.ts';
import {
  type Facet,
  FACET_TABLE,
  FACETS,
  type ImageQuery,
  ownerValue,
  type SortColumn,
  type SortOrder,
} from './query.ts';

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

/** Answers queries over the images of a page. Every query takes one pass over the rows. */
export function createImageIndex(data: ImageData): ImageIndex {
  const { columns, kinds, owners } = data;
  const size = columns.id.length;
  const kindOf = Uint32Array.from(columns.kind);
  const ownerOf = Uint32Array.from(columns.owner);
  const perKind = new Uint32Array(kinds.length);
  for (const kind of kindOf) perKind[kind] = (perKind[kind] ?? 0) + 1;
  const kindTexts = kinds.map((kind) => kindText(kind, data));
  const ownerTexts = owners.map((owner) => (owner ?? '').toLowerCase());
  const ownerValues = owners.map(ownerValue);
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
      if (facet === 'owner') for (const owner of ownerOf) count(counts, ownerValues[owner] ?? '', 1);
      for (const [place, kind] of kinds.entries()) {
        for (const value of valuesOf(facet, kind, data)) {
          if (value !== null) count(counts, value, perKind[place] ?? 0);
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
            return wanted === undefined || facet === 'owner' || valuesOf(facet, kind, data).includes(wanted);
          }),
        ),
      );
      const ownerPass = Uint8Array.from(ownerValues, (value) => Number((facets.owner ?? value) === value));
      const words = textPass(text);
      const order = sort === null ? null : orders(sort);
      const found = new Uint32Array(size);
      let length = 0;
      for (let place = 0; place < size; place += 1) {
        const row = order === null ? place : (order[place] ?? 0);
        if (kindPass[kindOf[row] ?? 0] !== 1 || ownerPass[ownerOf[row] ?? 0] !== 1) continue;
        if (!words.every((matches) => matches(row))) continue;
        found[length] = row;
        length += 1;
      }
      return found.slice(0, length);
    },
  };
}

function valuesOf(facet: Facet, kind: ImageKind, data: ImageData): readonly (string | null)[] {
  return FACET_TABLE[facet][1]?.(kind, data) ?? [];
}

function count(counts: Map<string, number>, value: string, by: number): void {
  counts.set(value, (counts.get(value) ?? 0) + by);
}

function kindText(kind: ImageKind, data: ImageData): string {
  const { disk, container, status, becomes, rule, question, answer, findings, safety, glance } = kind;
  const services = valuesOf('service', kind, data);
  return [`${disk}/${container}`, status, becomes, rule, question, answer, ...findings, ...safety, ...services, glance]
    .filter((text) => text !== null)
    .join('\n')
    .toLowerCase();
}

type Key = string | number;

/** All rows in an order; equal rows keep theirs. Each column is sorted once. */
export function createOrders(data: ImageData): (sort: SortOrder) => Uint32Array {
  const { columns, kinds, owners } = data;
  const known = new Map<SortColumn, Uint32Array>();
  const ranks = (column: SortColumn): Uint32Array => {
    if (column === 'id') {
      return places(columns.id.every((id) => /^\d{1,15}$/.test(id)) ? columns.id.map(Number) : columns.id);
    }
    if (column === 'name') return places(columns.name.map((name) => (name ?? '').toLowerCase()));
    if (column === 'owner') {
      return spread(places(owners.map((owner) => (owner ?? '').toLowerCase())), columns.owner);
    }
    const keyOf = KIND_KEYS[column];
    return spread(places(kinds.map((kind) => keyOf(kind, data))), columns.kind);
  };
  return ({ column, direction }) => {
    const rank = known.get(column) ?? ranks(column);
    known.set(column, rank);
    const sign = direction === 'ascending' ? 1 : -1;
    const rows = Uint32Array.from(rank, (_, row) => row);
    return rows.sort((a, b) => sign * ((rank[a] ?? 0) - (rank[b] ?? 0)) || a - b);
  };
}

type KindColumn = Exclude<SortColumn, 'id' | 'name' | 'owner'>;

const KIND_KEYS: Readonly<Record<KindColumn, (kind: ImageKind, data: ImageData) => Key>> = {
  tuple: (kind) => `${kind.disk}/${kind.container}`.toLowerCase(),
  becomes: (kind) => kind.becomes,
  status: (kind) => DECISION_STATUSES.indexOf(kind.status),
  cutover: (kind) =>
    `${kind.cutover === 'differs' ? 2 : kind.cutover === 'open' ? 1 : 0} ${kind.today} ${kind.after ?? ''}`,
  findings: (kind, { codes }) => kind.findings.reduce((sum, code) => sum + WEIGHTS[codes[code]?.severity ?? 'info'], 0),
  rule: (kind) => kind.rule.toLowerCase(),
};

/** One error outweighs all warnings that an image can have, and one warning all infos. */
const WEIGHTS = { error: 10_000, warning: 100, info: 1 } as const;

/** The place of every key among the different keys. */
function places(keys: readonly Key[]): Uint32Array {
  const order = [...new Set(keys)].sort((a, b) => (a < b ? -1 : 1));
  const place = new Map(order.map((key, index) => [key, index]));
  return Uint32Array.from(keys, (key) => place.get(key) ?? 0);
}

function spread(ranks: Uint32Array, column: readonly number[]): Uint32Array {
  return Uint32Array.from(column, (entry) => ranks[entry] ?? 0);
}
