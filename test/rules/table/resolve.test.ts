import { describe, expect, it } from 'vitest';

import {
  distinctClassifications,
  operatorClassification,
  resolveEnvelope,
  resolveType,
  sameClassification,
  tupleClassifications,
} from '../../../src/rules/table/resolve.ts';
import { table, tupleThen } from '../evidence-builder.ts';

const { vocabulary } = table;
const disk = { imageType: 'disk', containerType: 'raw', envelope: null } as const;

describe('a placeholder', () => {
  it('is the meaning of the word', () => {
    expect(resolveType('$disk', { disk: 'iso' }, vocabulary)).toBe('iso9660');
    expect(resolveType('$container', { container: 'ari' }, vocabulary)).toBe('ramdisk');
    expect(resolveType('$bexar_type', { bexar_type: 'machine' }, vocabulary)).toBe('filesystem');
    expect(resolveType('kernel', {}, vocabulary)).toBe('kernel');
    expect(resolveEnvelope('$container', { container: 'tgz' }, vocabulary)).toBe('tgz');
  });
  it('is null for words that mean nothing', () => {
    expect(resolveType('$disk', { disk: 'raw' }, vocabulary)).toBeNull();
    expect(resolveType('$disk', { disk: 'UNKNOWN' }, vocabulary)).toBeNull();
    expect(resolveEnvelope('$container', { container: 'NULL' }, vocabulary)).toBeNull();
  });
});

describe('the classifications of a tuple', () => {
  const then = tupleThen({ status: 'ambiguous', types: ['disk', '$container'], containers: ['$disk', 'raw'] });
  it('take the container of the same place', () => {
    expect(tupleClassifications(then, { disk: 'vdi', container: 'aki' }, vocabulary)).toEqual([
      { imageType: 'disk', containerType: 'vdi', envelope: null },
      { imageType: 'kernel', containerType: 'raw', envelope: null },
    ]);
  });
  it('are null where a placeholder has no meaning', () => {
    expect(tupleClassifications(then, { disk: 'vdi', container: 'bare' }, vocabulary)).toBeNull();
  });
});

it('an operator classification resolves all three parts', () => {
  const then = { status: 'inferred', type: '$disk', container: '$disk', envelope: '$container' } as const;
  expect(operatorClassification(then, { disk: 'vmdk', container: 'ova' }, vocabulary)).toEqual({
    imageType: 'disk',
    containerType: 'vmdk',
    envelope: 'ova',
  });
  expect(operatorClassification(then, { disk: 'raw', container: 'ova' }, vocabulary)).toBeNull();
});

it('classifications are the same in all three parts, and kept once', () => {
  expect(sameClassification(disk, { ...disk })).toBe(true);
  expect(sameClassification(disk, { ...disk, envelope: 'ova' })).toBe(false);
  expect(distinctClassifications([disk, { ...disk, imageType: 'other' }, { ...disk }])).toEqual([
    disk,
    { ...disk, imageType: 'other' },
  ]);
});
