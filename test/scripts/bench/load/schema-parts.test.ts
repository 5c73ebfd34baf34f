import { expect, it } from 'vitest';
import { createIndex, schemaParts } from '../../../../scripts/bench/load/schema-parts.ts';
import { newestSchema } from '../../../../scripts/fixtures/eras/eras.ts';

it.each(['mysql', 'postgres', 'sqlite'] as const)('leaves no statement of %s out and changes none', (engine) => {
  const schema = newestSchema(engine);
  const { tables, indexes } = schemaParts(schema);
  expect([...tables, ...indexes.map(createIndex)].toSorted()).toEqual([...schema].toSorted());
  expect(indexes).toHaveLength(10);
  expect(tables.filter((statement) => /CREATE INDEX.* ON (?:images|image_properties)\b/u.test(statement))).toEqual([]);
});
