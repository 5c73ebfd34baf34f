import { describe, it } from 'vitest';

import { disturbedCloud } from '../support/cloud/disturbed-cloud.ts';
import { ENGINES } from '../support/servers/engines.ts';
import { FROZEN_PATIENCE_MS, LOST_RUNNERS } from '../support/crashes/frozen-runner.ts';

const SERVERS = ENGINES.filter((engine) => engine !== 'sqlite');

describe.concurrent.each(SERVERS)(
  'migrate in the middle of a batch on %s',
  { timeout: FROZEN_PATIENCE_MS },
  (engine) => {
    // Side by side: each waits for locks, leases and deadlines that run out, and has a database of its own.
    it.concurrent.for(LOST_RUNNERS)('%s', async ([, happens], { onTestFinished }) => {
      const cloud = await disturbedCloud(engine, 300, onTestFinished);
      await happens({ cloud, successor: cloud.url, atEnd: onTestFinished });
    });
  },
);
