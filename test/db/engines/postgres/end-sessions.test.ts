import { describe, expect, it } from 'vitest';
import { beginPostgres } from '../../../../src/db/engines/postgres/end-sessions.ts';

describe('beginPostgres', () => {
  it('is one message whose every setting ends with the transaction', () => {
    const [begin, ...settings] = beginPostgres('READ ONLY', 'glance-retype 1').split('; ');
    expect(begin).toBe('BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY');
    expect(settings.every((setting) => setting.startsWith('SET LOCAL '))).toBe(true);
    expect(settings).toContain("SET LOCAL application_name = 'glance-retype 1'");
    expect(settings).toContain("SET LOCAL lock_timeout = '3s'");
    expect(settings).toContain("SET LOCAL idle_in_transaction_session_timeout = '10s'");
  });

  it('leaves the access mode to the server where none is asked for', () => {
    expect(beginPostgres(null, 'x').split('; ')[0]).toBe('BEGIN ISOLATION LEVEL READ COMMITTED');
  });
});
