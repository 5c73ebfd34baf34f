import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { noteTraffic, noteWork, writeMeasures } from '../../../src/commands/session/measures.ts';
import { createPhaseClock } from '../../../src/run/context/phase-clock.ts';

it('the costs of a command are the sum over its databases, written only where they are asked for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'glance-retype-measures-'));
  noteTraffic({ statements: 2, bytesSent: 10, bytesReceived: 100 });
  noteTraffic({ statements: 1, bytesSent: 5, bytesReceived: 50 });
  const clock = createPhaseClock();
  clock.add('wait', 1_500);
  noteWork({ clock, rows: 4 });
  writeMeasures({});
  writeMeasures({ GLANCE_RETYPE_MEASURES: '' });
  expect(readdirSync(folder)).toEqual([]);
  writeMeasures({ GLANCE_RETYPE_MEASURES: join(folder, 'm.json') });
  expect(JSON.parse(readFileSync(join(folder, 'm.json'), 'utf8'))).toMatchObject({
    seconds: { wait: 1.5 },
    rows: 4,
    statements: 3,
    bytesSent: 15,
    bytesReceived: 150,
  });
});
