import { describe, expect, it } from 'vitest';

import { timestamp, withContent } from '../../../src/run/context/context.ts';
import { evidence } from '../../rules/evidence-builder.ts';

const IMAGES = [evidence('raw', 'bare'), evidence('qcow2', 'bare')];

describe('withContent', () => {
  it('gives the images back untouched where nobody asked for their bytes', async () => {
    expect(await withContent({}, IMAGES)).toBe(IMAGES);
  });

  it('hands a whole page on, and says where it was left', async () => {
    const seen: number[] = [];
    const lookInside = async (images: readonly unknown[]): Promise<null> => {
      seen.push(images.length);
      return Promise.resolve(null);
    };
    expect(await withContent({ lookInside }, new Set(IMAGES))).toBeNull();
    expect(seen).toEqual([2]);
  });
});

describe('timestamp', () => {
  it('has seconds, and UTC', () => {
    expect(timestamp()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });
});
