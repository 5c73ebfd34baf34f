import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseReference } from '../../../src/glance/references/value.ts';

const UUID = '3f0a5d52-1111-4c2b-8000-00000000abcd';

describe('parseReference', () => {
  it.each([null, undefined, '', '  ', 'None', ' none ', 'NONE', 'nokernel', 'NoRamdisk', 'http://h/v1/images/None'])(
    'takes %j for absent',
    (raw) => {
      expect(parseReference(raw, 'text')).toEqual({ kind: 'absent' });
      expect(parseReference(raw, 'integer')).toEqual({ kind: 'absent' });
    },
  );

  it.each([
    [UUID, UUID],
    [`  ${UUID}\n`, UUID],
    [`http://glance:9292/v1/images/${UUID}`, UUID],
    [`https://user:pass@glance:9292/images/${UUID}/?a=b/c#d/e`, UUID],
    [`/v2/images/${UUID}`, UUID],
    ['aki-00000001', 'aki-00000001'],
    ['007', '007'],
  ])('finds the id of %j for text keys', (raw, id) => {
    expect(parseReference(raw, 'text')).toEqual({ kind: 'id', id });
  });

  it.each([
    ['7', '7'],
    ['0007', '7'],
    ['http://glance:9292/v1/images/12/', '12'],
    ['aki-0000000f', '15'],
    ['ARI-0000001A', '26'],
    ['ami-00000001', '1'],
    ['2147483647', '2147483647'],
  ])('finds the id of %j for integer keys', (raw, id) => {
    expect(parseReference(raw, 'integer')).toEqual({ kind: 'id', id });
  });

  it.each([UUID, '2147483648', '9'.repeat(500), 'aki-ffffffffffffffff', '-1', '1.5', '1e3', 'aki-xyz'])(
    'knows that %j is no integer key',
    (raw) => {
      expect(parseReference(raw, 'integer').kind).toBe('no-key');
    },
  );

  it('tells nothing of an address that has no path', () => {
    expect(parseReference('http://user:hunter2@host', 'text')).toEqual({
      kind: 'no-key',
      text: '(an address without an id)',
    });
    expect(parseReference('http://user:hunter2@host/?token=hunter2', 'text').kind).toBe('no-key');
  });

  it('cuts a text that is far too long', () => {
    expect(parseReference('x'.repeat(256), 'text')).toEqual({ kind: 'no-key', text: `${'x'.repeat(60)}…` });
  });

  it('gives an integer key that fits the column for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^(?:aki-)?[0-9a-f/]{0,20}$/)), (raw) => {
        const value = parseReference(raw, 'integer');
        if (value.kind === 'id') {
          expect(value.id).toMatch(/^(?:0|[1-9]\d*)$/);
          expect(Number(value.id)).toBeLessThanOrEqual(2_147_483_647);
        }
      }),
    );
  });
});
