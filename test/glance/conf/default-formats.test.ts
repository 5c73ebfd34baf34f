import { describe, expect, it } from 'vitest';

import { defaultFormats } from '../../../src/glance/conf/default-formats.ts';

const NEW = ['vhdx', 'ploop', 'ova', 'docker', 'compressed'];

describe('the words that Glance accepts by default', () => {
  it.each([
    ['Cactus', []],
    ['Grizzly or Havana', []],
    ['Icehouse', ['ova']],
    ['Juno', ['ova']],
    ['Kilo to Newton', ['vhdx', 'ova', 'docker']],
    ['Ocata, expanded but not contracted', ['vhdx', 'ploop', 'ova', 'docker']],
    ['Ocata to Queens', ['vhdx', 'ploop', 'ova', 'docker']],
    ['Queens, with part of the Rocky expand', ['vhdx', 'ploop', 'ova', 'docker']],
    ['Rocky to 2023.2', NEW],
    ['2024.1 or later', NEW],
  ])('of %s have %j beside those of the first releases', (era, added) => {
    const { disk, container } = defaultFormats(era);
    expect([...disk, ...container].filter((word) => NEW.includes(word))).toEqual(added);
    expect(disk).toContain('aki');
    expect(container).toContain('ovf');
  });
});
