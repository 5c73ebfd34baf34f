import { expect, it } from 'vitest';

import { contractRecord, expandRecord } from '../../../src/commands/documents/schema-records.ts';
import { faultsIn } from '../../support/program/published-schema.ts';

const around = { database: 'db', exitCode: 3, next: ['glance-retype expand'] } as const;

it('expand that was stopped says how to go on, and the names of the columns', () => {
  const names = { imageType: 't', containerType: 'c', envelope: 'e' };
  const record = expandRecord({
    ...around,
    end: 'stopped',
    target: { kind: 'columns', names },
    columns: [],
    tables: [],
  });
  expect(faultsIn('expand', record)).toEqual([]);
  expect(record).toMatchObject({
    format_version: 1,
    end: 'stopped',
    exit_code: 3,
    next: ['glance-retype expand'],
    target: 'columns',
    column_names: { image_type: 't', container_type: 'c', envelope: 'e' },
  });
});

it('expand with target table has no names of columns', () => {
  const record = expandRecord({ ...around, end: 'done', target: { kind: 'table' }, columns: [], tables: ['a'] });
  expect(faultsIn('expand', record)).toEqual([]);
  expect(record).toMatchObject({ column_names: null, tables_created: ['a'] });
});

it('contract that was stopped names what was to be dropped', () => {
  const record = contractRecord({ ...around, end: 'stopped', target: 'table', dropped: ['a', 'b'] });
  expect(faultsIn('contract', record)).toEqual([]);
  expect(record).toMatchObject({ end: 'stopped', target: 'table', dropped: ['a', 'b'] });
});
