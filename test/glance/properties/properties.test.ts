import { describe, expect, it } from 'vitest';

import { propertyLife, propertyName, propertyValue } from '../../../src/glance/properties/properties.ts';
import { schemaWith } from '../support/schema.ts';

describe('a row of image_properties', () => {
  it('counts under the very name that is asked for', () => {
    expect(propertyName(schemaWith(), { name: 'kernel_id' })).toBe('kernel_id');
    expect(propertyName(schemaWith(), { name: 'Kernel_ID' })).toBeNull();
    expect(propertyName(schemaWith(), { name: null })).toBeNull();
  });

  it('is live, or lost where it is a mark of a snapshot, or says nothing', () => {
    expect(propertyLife('kernel_id', { deleted: 0 })).toBe('live');
    expect(propertyLife('image_type', { deleted: 1 })).toBe('lost');
    expect(propertyLife('kernel_id', { deleted: true })).toBeNull();
  });

  it('has a text for a value, or none', () => {
    expect(['x', '', null, Buffer.from('x'), 7].map((head) => propertyValue({ head }))).toEqual([
      'x',
      '',
      null,
      null,
      null,
    ]);
  });
});
