import { describe, expect, it } from 'vitest';
import { classifyMysqlError, isMysqlFull } from '../../../../src/db/engines/mysql/errors.ts';

describe('classifyMysqlError', () => {
  it.each([
    [{ errno: 1180, message: 'wsrep_max_ws_rows exceeded' }, 'too-large'],
    [{ errno: 1105, message: 'Maximum writeset size exceeded by 1: 90' }, 'too-large'],
    [{ errno: 1180, message: 'Got error 107 "Not connected to Primary Component" during COMMIT' }, 'connection-lost'],
    [{ errno: 1180, message: 'Got error 35 "Resource deadlock avoided" during COMMIT' }, 'conflict'],
    [{ errno: 1180, message: 'Got error 28 "No space left on device" during COMMIT' }, 'disk-full'],
    [{ errno: 3, message: 'Error writing file "x" (Errcode: 28 "No space left on device")' }, 'disk-full'],
    [{ errno: 1021, message: 'Disk full' }, 'disk-full'],
    [{ errno: 1114, message: 'The table is full' }, 'disk-full'],
    [{ errno: 1118, message: 'Row size too large' }, 'row-too-large'],
    [{ errno: 1040, message: 'Too many connections' }, 'unreachable'],
    [{ errno: 1226, message: "has exceeded the 'max_user_connections' resource" }, 'unreachable'],
    [{ errno: 1226, message: "has exceeded the 'max_queries_per_hour' resource" }, 'fatal'],
    [{ errno: 1105, message: 'Unknown error' }, 'fatal'],
    [{ errno: 1047, message: 'WSREP has not yet prepared node for application use' }, 'connection-lost'],
    [{ errno: 3101, message: '' }, 'conflict'],
    [{ errno: 1836, message: '' }, 'read-only'],
    [{ code: 'PROTOCOL_CONNECTION_LOST', message: '' }, 'connection-lost'],
    [{ code: 'ECONNRESET', errno: -104, message: '' }, 'connection-lost'],
    [{ code: 'EPIPE', message: '' }, 'connection-lost'],
    [{ code: 'ETIMEDOUT', message: 'connect ETIMEDOUT' }, 'unreachable'],
    [{ code: 'ECONNREFUSED', errno: -111, message: '' }, 'unreachable'],
    [{ message: "Can't add new command when connection is in closed state" }, 'connection-lost'],
  ] as const)('MySQL %j is %s', (error, expected) => {
    expect(classifyMysqlError(Object.assign(new Error(error.message), error))).toBe(expected);
  });

  it('does not take libuv’s negative numbers for the server’s', () => {
    expect(classifyMysqlError({ code: 'ECONNREFUSED', errno: -1045, message: '' })).toBe('unreachable');
  });
});

describe('isMysqlFull', () => {
  it.each([
    [1040, 'Too many connections', true],
    [1203, 'already has more than max_user_connections active connections', true],
    [1226, "has exceeded the 'max_user_connections' resource", true],
    [1226, "has exceeded the 'max_updates_per_hour' resource", false],
    [1045, 'Access denied', false],
  ])('%i (%s): %s', (errno, message, full) => {
    expect(isMysqlFull({ errno, message })).toBe(full);
  });
});
