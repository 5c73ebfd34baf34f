import { describe, expect, it } from 'vitest';
import {
  classifySocketError,
  driverError,
  isStatementFailure,
  serverMessage,
  statementFailure,
} from '../../src/db/driver-error.ts';

describe('driverError', () => {
  it('reads what is there and nothing else', () => {
    expect(driverError(Object.assign(new Error('gone'), { code: 'ECONNRESET', errno: -104 }))).toEqual({
      code: 'ECONNRESET',
      errno: -104,
      message: 'gone',
    });
    expect(driverError({ code: 5, errno: '1', message: null })).toEqual({ code: null, errno: null, message: '' });
    expect(driverError('text')).toEqual({ code: null, errno: null, message: 'text' });
    expect(driverError(null)).toEqual({ code: null, errno: null, message: 'null' });
  });
});

describe('classifySocketError', () => {
  it.each([
    ['ECONNREFUSED', 'unreachable'],
    ['ENOTFOUND', 'unreachable'],
    ['EPIPE', 'connection-lost'],
    ['ETIMEDOUT', 'connection-lost'],
    ['ER_DUP_ENTRY', null],
    [null, null],
  ])('%s: %s', (code, expected) => {
    expect(classifySocketError({ code, errno: null, message: '' })).toBe(expected);
  });

  it('knows knex’s own failure by its words', () => {
    const message = 'Knex: Timeout acquiring a connection. The pool is probably full.';
    expect(classifySocketError({ code: null, errno: null, message })).toBe('unreachable');
  });
});

describe('serverMessage', () => {
  it('drops the statement that knex puts before it, and all lines but the first', () => {
    expect(serverMessage(new Error('select 1 - 2 - no such table: t\nmore'))).toBe('no such table: t');
    expect(serverMessage('plain')).toBe('plain');
  });

  it('is cut after 300 characters', () => {
    expect(serverMessage(new Error('x'.repeat(300)))).toBe('x'.repeat(300));
    expect(serverMessage(new Error('x'.repeat(301)))).toBe(`${'x'.repeat(300)}…`);
  });
});

describe('statementFailure', () => {
  it('marks this very error, and returns it', () => {
    const error = new Error('x');
    expect(isStatementFailure(error)).toBe(false);
    expect(statementFailure(error)).toBe(error);
    expect(isStatementFailure(error)).toBe(true);
    expect(isStatementFailure(new Error('x'))).toBe(false);
    expect(statementFailure('text')).toBe('text');
    expect(isStatementFailure('text')).toBe(false);
  });
});
