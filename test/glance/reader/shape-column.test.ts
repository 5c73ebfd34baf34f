import { describe, expect, it } from 'vitest';

import { parseShape } from '../../../src/glance/reader/shaped-row.ts';

describe('parseShape', () => {
  it('reads words by their lengths, so that no word can pass for another', () => {
    expect(parseShape('6,active,0,3,raw,/,4,bare,/,3,1')).toEqual({
      text: '6,active,0,3,raw,/,4,bare,/,3,1',
      status: 'active',
      deleted: false,
      diskFormat: 'raw',
      containerFormat: 'bare',
      size: 'large',
      minDisk: 'some',
    });
    expect(parseShape('3,a,b,t,3,/,/,/,0,,/,0,0')).toMatchObject({
      status: 'a,b',
      deleted: true,
      diskFormat: '/,/',
      containerFormat: '',
      size: 'empty',
    });
  });

  it('reads an absent word as NULL, and an empty one as empty', () => {
    expect(parseShape('6,active,f,/,/,1,0')).toMatchObject({
      diskFormat: null,
      containerFormat: null,
      size: 'small',
      minDisk: 'none',
    });
  });

  it('counts characters, not units', () => {
    expect(parseShape('2,😀é,0,/,/,2,0')).toMatchObject({ status: '😀é', size: 'medium' });
  });

  it.each([
    '',
    '0,3,raw,/,4,bare,/,3,1',
    '6,active,x,/,/,1,0',
    '9,active,0,/,/,1,0',
    '6,active,0,/,/,4,0',
    '6,active,0,/,/,1,2',
    '6,active,0,3,raw,4,bare,/,1,0',
    '6,active,0,/,/,1,0,',
  ])('takes %j for no shape', (text) => {
    expect(parseShape(text)).toBeNull();
  });
});
