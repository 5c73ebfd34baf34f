import { describe, expect, it } from 'vitest';

import { redirectGuard } from '../../../../src/probe/sources/http/redirect-guard.ts';

const refused = (from: string, target: string): boolean => redirectGuard(new URL(from)).refuses(new URL(target));

describe('a literal address', () => {
  it.each([
    '169.254.0.0',
    '169.254.255.255',
    '0.0.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '[fe80::1]',
    '[febf::1]',
    '[ff02::1]',
    '[::]',
    '[::ffff:169.254.169.254]',
    '[64:ff9b::a9fe:a9fe]',
    '[2002:a9fe:1::1]',
    '[fd00:ec2::254]',
  ])('%s is refused from anywhere', (host) => {
    expect([refused('https://glance/', `http://${host}/`), refused('http://localhost/', `http://${host}/`)]).toEqual([
      true,
      true,
    ]);
  });

  it.each(['127.0.0.1', '127.255.255.255', '[::1]', '[::ffff:127.0.0.1]'])('%s only from elsewhere', (host) => {
    expect(refused('https://glance/', `http://${host}/`)).toBe(true);
    for (const from of ['127.0.0.1', 'localhost', 'api.localhost', 'localhost.', '[::1]']) {
      expect(refused(`http://${from}/`, `http://${host}/`)).toBe(false);
    }
    expect(refused('http://notlocalhost/', `http://${host}/`)).toBe(true);
  });

  it.each(['169.253.255.255', '169.255.0.0', '1.0.0.0', '223.255.255.255', '10.0.0.1', '[fec0::1]', '[fd00:ec2::253]'])(
    '%s is not refused',
    (host) => {
      expect(refused('https://glance/', `http://${host}/`)).toBe(false);
    },
  );

  it('and a name are different things', () => {
    expect(refused('https://glance/', 'http://metadata/')).toBe(false);
  });
});

describe('the two guards', () => {
  it('are the same for the same kind of server, so that their connections can be kept', () => {
    const guard = (from: string) => redirectGuard(new URL(from));
    expect(guard('https://a/')).toBe(guard('http://b:1/'));
    expect(guard('http://localhost/')).toBe(guard('http://[::1]:1/'));
    expect([guard('https://a/').name, guard('http://[::1]/').name]).toEqual(['from elsewhere', 'from loopback']);
  });
});
