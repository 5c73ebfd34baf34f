import { randomUUID } from 'node:crypto';
import { beforeAll, describe, it } from 'vitest';

import { type GaleraCluster, startGalera } from '../../scripts/servers/galera.ts';
import { cloudIn } from '../support/disturbed-cloud.ts';
import {
  FROZEN_PATIENCE_MS,
  type FrozenPlace,
  frozenProcess,
  lostConnection,
  lostWay,
} from '../support/frozen-runner.ts';

describe('migrate in the middle of a batch on Galera', { timeout: FROZEN_PATIENCE_MS }, () => {
  let cluster: GaleraCluster;

  beforeAll(async () => {
    cluster = await startGalera();
    return async () => cluster.stop();
  });

  const place = async (): Promise<FrozenPlace> => {
    const name = `t_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
    const [first, second] = cluster.nodes;
    await first.createDatabase(name);
    return { cloud: await cloudIn(first.url(name), 300), successor: second.url(name) };
  };

  it('that stands still lets Glance write, lets one on another node finish, and changes nothing when it goes on', async () => {
    await frozenProcess(await place());
  });

  it('that has lost its way to its node lets Glance write and ends by itself, and one on another node finishes', async () => {
    await lostWay(await place());
  });

  it('whose connection has lost its way goes on over another one', async () => {
    await lostConnection(await place());
  });
});
