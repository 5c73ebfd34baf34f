import { describe, expect, it } from 'vitest';

import { RetypeError } from '../../../../src/model/error.ts';
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

/** What was found instead of one image service. */
function instead(...asked: Parameters<typeof imageEndpoint>): string {
  try {
    return `the address ${imageEndpoint(...asked)}`;
  } catch (error) {
    expect(error).toBeInstanceOf(RetypeError);
    return (error as RetypeError).problems[0].found;
  }
}

describe('the image service of a catalogue', () => {
  it('is found by interface and region, in both spellings of Keystone', () => {
    const two = catalog(
      endpoint('One', 'http://one'),
      endpoint('Two', 'http://two'),
      endpoint('Two', 'http://a', 'admin'),
    );
    expect(imageEndpoint(two, 'public', 'Two')).toBe('http://two');
    expect(imageEndpoint(two, 'admin', null)).toBe('http://a');
    const old = catalog({ interface: 'publicURL', region: 'One', url: 'http://one' });
    expect(imageEndpoint(old, 'public', 'One')).toBe('http://one');
  });

  it('needs no region where every region has the same address', () => {
    expect(imageEndpoint(catalog(endpoint('One', 'http://x'), endpoint('Two', 'http://x')), 'public', null)).toBe(
      'http://x',
    );
    expect(instead(catalog(endpoint('Two', 'http://2'), endpoint('One', 'http://1')), 'public', null)).toBe(
      'one each in One, Two',
    );
  });

  it('is none, with what there is instead; nothing odd is repeated', () => {
    expect(instead(catalog(endpoint('One', 'http://x')), 'internal', null)).toBe('others: public, One');
    const odd = catalog(
      endpoint('\u001b[2J', 'http://x'),
      endpoint('x'.repeat(65), 'http://x'),
      endpoint('Ok', 7),
      null,
      [],
    );
    expect(instead(odd, 'public', 'Ok')).toBe('others: public');
    for (const nonsense of [null, 'text', [null, 5], [{ type: 'image' }], [{ type: 'image', endpoints: 'x' }]]) {
      expect(instead(nonsense, 'public', null)).toBe('no image service in the catalogue');
    }
  });

  it('names ten regions at most', () => {
    const many = catalog(...Array.from({ length: 30 }, (_, i) => endpoint(`R${i}`, `http://${i}`)));
    expect(instead(many, 'public', null)).toMatch(/^one each in (?:R\d+, ){9}R\d+$/u);
  });
});
