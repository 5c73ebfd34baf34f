import { expect, it } from 'vitest';

import { BEXAR_MEANING, domainsOf, STATUS_VALUES } from '../../../src/rules/table/attribute.ts';

it('words of the vocabulary are values, between NULL and UNKNOWN', () => {
  const domains = domainsOf(['raw', 'iso'], ['bare']);
  expect(domains.get('disk')).toEqual(['NULL', 'raw', 'iso', 'UNKNOWN']);
  expect(domains.get('container')).toEqual(['NULL', 'bare', 'UNKNOWN']);
  expect(domains.get('used_as')).toEqual(['nothing', 'kernel', 'ramdisk', 'both']);
});

it('every value of an attribute occurs once', () => {
  for (const values of domainsOf([], []).values()) expect(new Set(values).size).toBe(values.length);
  expect(STATUS_VALUES).toContain('pending_delete');
});

it('the values of the property type of 2011 have the meaning of glance-upload', () => {
  expect([...BEXAR_MEANING]).toEqual([
    ['kernel', 'kernel'],
    ['ramdisk', 'ramdisk'],
    ['machine', 'filesystem'],
    ['raw', 'disk'],
    ['vhd', 'disk'],
  ]);
});
