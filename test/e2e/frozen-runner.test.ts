import { describe, it } from 'vitest';

import { disturbedCloud } from '../support/disturbed-cloud.ts';
import { ENGINES } from '../support/engines.ts';
import {
  FROZEN_PATIENCE_MS,
  type FrozenPlace,
  frozenProcess,
  lostConnection,
  lostWay,
} from '../support/frozen-runner.ts';

const SERVERS = ENGINES.filter((engine) => engine !== 'sqlite');

describe.each(SERVERS)('migrate in the middle of a batch on %s', { timeout: FROZEN_PATIENCE_MS }, (engine) => {
  const place = async (): Promise<FrozenPlace> => {
    const cloud = await disturbedCloud(engine, 300);
    return { cloud, successor: cloud.url };
  };

  it('that stands still lets Glance write, lets another one finish, and changes nothing when it goes on', async () => {
    await frozenProcess(await place());
  });

  it('that has lost its way to the server lets Glance write and ends by itself, and another one finishes', async () => {
    await lostWay(await place());
  });

  it('whose connection has lost its way goes on over another one', async () => {
    await lostConnection(await place());
  });
});
