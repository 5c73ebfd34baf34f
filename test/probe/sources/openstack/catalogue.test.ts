import { describe, expect, it } from 'vitest';

import { imageEndpoint } from '../../../../src/probe/sources/openstack/catalogue.ts';

const endpoint = (region: string, url: unknown, kind: unknown = 'public') => ({
  interface: kind,
  region_id: region,
  url,
});
const catalog = (...endpoints: readonly unknown[]) => [
  { type: 'identity', endpoints: [endpoint('One', 'http://keystone')] },
  { type: 'image', endpoints },
];

describe('the image service of a catalogue', () => {
  it('is found by interface and region, in both spellings of Keystone', () => {
    const two = catalog(
      endpoint('One', 'http://one'),
      endpoint('Two', 'http://two'),
      endpoint('Two', 'http://a', 'admin'),
    );
    expect(imageEndpoint(two, 'public', 'Two')).toEqual({ kind: 'found', url: 'http://two' });
    expect(imageEndpoint(two, 'admin', null)).toEqual({ kind: 'found', url: 'http://a' });
    const old = catalog({ interface: 'publicURL', region: 'One', url: 'http://one' });
    expect(imageEndpoint(old, 'public', 'One')).toEqual({ kind: 'found', url: 'http://one' });
  });

  it('needs no region where every region has the same address', () => {
    expect(imageEndpoint(catalog(endpoint('One', 'http://x'), endpoint('Two', 'http://x')), 'public', null)).toEqual({
      kind: 'found',
      url: 'http://x',
    });
    expect(imageEndpoint(catalog(endpoint('Two', 'http://2'), endpoint('One', 'http://1')), 'public', null)).toEqual({
      kind: 'several',
      regions: ['One', 'Two'],
    });
  });

  it('is none, with what there is instead; nothing odd is repeated', () => {
    expect(imageEndpoint(catalog(endpoint('One', 'http://x')), 'internal', null)).toEqual({
      kind: 'none',
      regions: ['One'],
      interfaces: ['public'],
    });
    const odd = catalog(
      endpoint('\u001b[2J', 'http://x'),
      endpoint('x'.repeat(65), 'http://x'),
      endpoint('Ok', 7),
      null,
      [],
    );
    expect(imageEndpoint(odd, 'public', 'Ok')).toEqual({ kind: 'none', regions: [], interfaces: ['public'] });
    for (const nonsense of [null, 'text', [null, 5], [{ type: 'image' }], [{ type: 'image', endpoints: 'x' }]]) {
      expect(imageEndpoint(nonsense, 'public', null)).toEqual({ kind: 'none', regions: [], interfaces: [] });
    }
  });

  it('names ten regions at most', () => {
    const many = catalog(...Array.from({ length: 30 }, (_, i) => endpoint(`R${i}`, `http://${i}`)));
    expect(imageEndpoint(many, 'public', null)).toMatchObject({ kind: 'several', regions: { length: 10 } });
  });
});
