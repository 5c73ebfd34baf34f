import { describe, expect, it } from 'vitest';
import type { Executor } from '../../../../src/db/database.ts';
import { endMysqlSessions } from '../../../../src/db/engines/mysql/session.ts';

/** A server that has sessions of these numbers, and what KILL fails with. */
function server(ids: readonly unknown[], failures: Readonly<Record<string, number>> = {}) {
  const sent: string[] = [];
  const executor: Executor = {
    query: async () => Promise.resolve(ids.map((id) => ({ id }))),
    execute: async (sql) => {
      const errno = failures[String(sql)];
      if (errno !== undefined) throw Object.assign(new Error('refused'), { errno });
      sent.push(String(sql));
      return Promise.resolve(0);
    },
  };
  return { executor, sent };
}

describe('endMysqlSessions', () => {
  it('ends the sessions that are found, and counts them', async () => {
    const { executor, sent } = server(['7', 8n]);
    expect(await endMysqlSessions(executor, ['7 host:1 db:3306'])).toBe(2);
    expect(sent).toEqual(['KILL CONNECTION 7', 'KILL CONNECTION 8']);
  });

  it('passes over sessions that are gone or may not be ended, and over nothing else', async () => {
    const gone = server([7, 8], { 'KILL CONNECTION 7': 1094 });
    expect(await endMysqlSessions(gone.executor, ['x'])).toBe(1);
    const refused = server([7, 8], { 'KILL CONNECTION 8': 1095 });
    expect(await endMysqlSessions(refused.executor, ['x'])).toBe(1);
    const lost = server([7], { 'KILL CONNECTION 7': 2013 });
    await expect(endMysqlSessions(lost.executor, ['x'])).rejects.toThrow('refused');
  });

  it('sends nothing without names, and never a number that is none', async () => {
    expect(await endMysqlSessions(server([7]).executor, [])).toBe(0);
    await expect(endMysqlSessions(server(['7; DROP']).executor, ['x'])).rejects.toThrow(SyntaxError);
  });
});
