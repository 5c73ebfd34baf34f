import { describe, expect, it } from 'vitest';
import { classifyPostgresError, isPostgresFull } from '../../../../src/db/engines/postgres/errors.ts';

describe('classifyPostgresError', () => {
  it.each([
    ['40001', 'conflict'],
    ['57P01', 'connection-lost'],
    ['57P03', 'unreachable'],
    ['08006', 'connection-lost'],
    ['28P01', 'login-refused'],
    ['53300', 'unreachable'],
    ['53100', 'disk-full'],
    ['54011', 'row-too-large'],
    ['23505', 'fatal'],
  ] as const)('PostgreSQL %s is %s', (code, expected) => {
    expect(classifyPostgresError(Object.assign(new Error('x'), { code }))).toBe(expected);
  });

  it.each([
    ['transaction blocks not allowed in statement pooling mode', '08P01', 'fatal'],
    ['Connection terminated unexpectedly', undefined, 'connection-lost'],
    ['timeout expired', undefined, 'unreachable'],
    ['The server does not support SSL connections', undefined, 'login-refused'],
  ] as const)('reads the message where there is no better code: %s', (message, code, expected) => {
    expect(classifyPostgresError({ message, code })).toBe(expected);
  });
});

describe('isPostgresFull', () => {
  it('knows the server’s state and PgBouncer’s words', () => {
    expect(isPostgresFull({ code: '53300', message: 'too many connections for role' })).toBe(true);
    expect(isPostgresFull({ code: '08P01', message: 'no more connections allowed (max_client_conn)' })).toBe(true);
    expect(isPostgresFull({ code: '28P01', message: 'password authentication failed' })).toBe(false);
  });
});
