import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { attend } from '../../../src/commands/session/attendance.ts';
import { writeMeasures } from '../../../src/commands/session/measures.ts';

const listeners = (): number => process.listenerCount('SIGINT') + process.listenerCount('SIGTERM');

describe('attended work', () => {
  it('listens for signals until its scope ends', () => {
    const before = listeners();
    {
      using attendance = attend('stopping');
      expect([listeners() - before, attendance.stop.requested()]).toEqual([2, false]);
    }
    expect(listeners()).toBe(before);
  });

  it('leaves the most rows that any phase counted for the measures', () => {
    {
      using attendance = attend('stopping');
      attendance.progress({ kind: 'progress', done: 7 });
      attendance.progress({ kind: 'progress', done: 3 });
    }
    const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-attendance-')), 'm.json');
    writeMeasures({ GLANCE_RETYPE_MEASURES: file });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ rows: 7 });
  });
});
