import { expect, it } from 'vitest';

import { RULE_SECTIONS, ruleIds, SECTION_TITLES, sectionRows } from '../../../src/rules/table/rule-table.ts';
import { table } from '../evidence-builder.ts';

it('sections give the rows of the table', () => {
  expect(sectionRows(table, 'not_applicable').map(({ id }) => id)[0]).toBe('NA-DELETED');
  expect(sectionRows(table, 'operator')).toEqual([]);
  expect(sectionRows(table, 'contradictions').map(({ id }) => id)).toEqual([
    'REFERENCES-OR-PROPERTIES',
    'EVIDENCE-OR-TUPLE',
  ]);
  expect(Object.keys(SECTION_TITLES)).toEqual([...RULE_SECTIONS]);
});

it('ids of all rows come in the order of the sections, each once', () => {
  const ids = ruleIds(table);
  expect(new Set(ids).size).toBe(ids.length);
  const places = ['NA-DELETED', 'CONTENT-UNREAD', 'REF-BOTH', 'LUKS-KEY', 'EVIDENCE-OR-TUPLE', 'RAW'].map((id) =>
    ids.indexOf(id),
  );
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places[0]).toBe(0);
});
