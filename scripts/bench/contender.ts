/** What is measured side by side, in the order of the tables. */
export const CONTENDERS = {
  'update-all': 'one UPDATE, whole table',
  'update-live': 'one UPDATE, live rows only',
  'rows-50': 'one UPDATE a row, COMMIT every 50',
  'rows-1000': 'one UPDATE a row, COMMIT every 1,000',
  'expand-columns': 'expand, target columns',
  'migrate-columns': 'migrate, target columns',
  'expand-table': 'expand, target table',
  'migrate-table': 'migrate, target table',
  'dump-images': 'the dump, images',
  'dump-both': 'the dump, images and properties',
  plan: 'plan',
} as const;

export type Contender = keyof typeof CONTENDERS;

export const CONTENDER_NAMES = Object.keys(CONTENDERS) as readonly Contender[];

/** The product beside what does a comparable job. */
export interface Comparison {
  readonly product: Contender;
  readonly baseline: Contender;
}

export const COMPARISONS: readonly Comparison[] = [
  { product: 'migrate-columns', baseline: 'update-all' },
  { product: 'migrate-table', baseline: 'update-all' },
  { product: 'migrate-columns', baseline: 'update-live' },
  { product: 'migrate-columns', baseline: 'rows-50' },
  { product: 'migrate-columns', baseline: 'rows-1000' },
  { product: 'plan', baseline: 'dump-images' },
  { product: 'plan', baseline: 'dump-both' },
];
