import { describe, expect, it } from 'vitest';

import { DEFAULT_LIMITS, expiry, seconds } from '../../../../src/probe/sources/http/time-limits.ts';

describe('an expired limit', () => {
  it('is named with its own time', () => {
    const limits = { ...DEFAULT_LIMITS, connectMs: 150, firstByteMs: 2000, idleMs: 61_230 };
    expect(expiry('UND_ERR_CONNECT_TIMEOUT', limits)).toBe('no connection within 0.2 s');
    expect(expiry('UND_ERR_HEADERS_TIMEOUT', limits)).toBe('no answer within 2 s');
    expect(expiry('UND_ERR_BODY_TIMEOUT', limits)).toBe('the answer stood still for 61.2 s');
    expect(expiry('ETIMEDOUT', limits)).toBeNull();
    expect(seconds(49)).toBe(0);
  });
});
