import { randomUUID } from 'node:crypto';
import { beforeAll, describe, it, onTestFinished } from 'vitest';

import { type GaleraCluster, startGalera } from '../../scripts/servers/galera.ts';
import { cloudIn } from '../support/cloud/disturbed-cloud.ts';
import { FROZEN_PATIENCE_MS, LOST_RUNNERS } from '../support/crashes/frozen-runner.ts';

describe(
  'migrate in the middle of a batch on Galera, its successor on another node,',
  { timeout: FROZEN_PATIENCE_MS },
  () => {
    let cluster: GaleraCluster;

    beforeAll(async () => {
      cluster = await startGalera();
      return async () => cluster.stop();
    });

    it.each(LOST_RUNNERS)('%s', async (_title, happens) => {
      const name = `t_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
      const [first, second] = cluster.nodes;
      await first.createDatabase(name);
      await happens({ cloud: await cloudIn(first.url(name), 300), successor: second.url(name), atEnd: onTestFinished });
    });
  },
);
