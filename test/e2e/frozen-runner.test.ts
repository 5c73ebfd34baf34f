import { describe, it } from 'vitest';

import { disturbedCloud } from '../support/cloud/disturbed-cloud.ts';
import { ENGINES } from '../support/servers/engines.ts';
import { FROZEN_PATIENCE_MS, LOST_RUNNERS } from '../support/crashes/frozen-runner.ts';

const SERVERS = ENGINES.filter((engine) => engine !== 'sqlite');

describe.each(SERVERS)('migrate in the middle of a batch on %s', { timeout: FROZEN_PATIENCE_MS }, (engine) => {
  it.each(LOST_RUNNERS)('%s', async (_title, happens) => {
    const cloud = await disturbedCloud(engine, 300);
    await happens({ cloud, successor: cloud.url });
  });
});
