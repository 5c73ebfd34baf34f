import { DECISION_STATUSES } from '../../../model/vocabulary.ts';
import type { ImageData, ImageKind } from './data.ts';
import type { SortColumn, SortOrder } from './query.ts';

export interface Orders {
  /** All rows in that order; equal rows keep theirs. Each column is sorted once. */
  of(sort: SortOrder): Uint32Array;
}

type Key = string | number;

export function createOrders(data: ImageData): Orders {
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
  return {
    of({ column, direction }) {
      let rank = known.get(column);
      if (rank === undefined) known.set(column, (rank = ranks(column)));
      return sortedRows(rank, direction === 'ascending' ? 1 : -1);
    },
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

function sortedRows(rank: Uint32Array, sign: 1 | -1): Uint32Array {
  const rows = Uint32Array.from(rank, (_, row) => row);
  return rows.sort((a, b) => sign * ((rank[a] ?? 0) - (rank[b] ?? 0)) || a - b);
}
