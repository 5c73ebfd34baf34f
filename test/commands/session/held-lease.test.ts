import { expect, it } from 'vitest';

import { holdLease } from '../../../src/commands/session/held-lease.ts';
import { readLeases, WHOLE } from '../../../src/journal/lease.ts';
import { RetypeError } from '../../../src/model/error.ts';
import { expandedBench } from '../support/schema-change.ts';

const LISTENER = { onEvent: () => undefined, stop: { requested: () => false } };

it('a lease is held until the scope ends, and nobody else gets it meanwhile', async () => {
  const { writer } = await expandedBench('sqlite');
  const holders = async (): Promise<readonly (string | null)[]> =>
    (await readLeases(writer, writer.dialect.nowMs)).map(({ owner, purpose }) => (owner === null ? null : purpose));
  {
    await using held = await holdLease(writer, { purpose: 'migrate', scope: WHOLE, ...LISTENER });
    expect(await holders()).toEqual(['migrate']);
    await held.lease.extend();
    await expect(holdLease(writer, { purpose: 'rollback', scope: WHOLE, ...LISTENER })).rejects.toBeInstanceOf(
      RetypeError,
    );
  }
  expect(await holders()).toEqual([null]);
});

it('a lease whose table was dropped is not released', async () => {
  const { writer } = await expandedBench('sqlite');
  {
    await using held = await holdLease(writer, { purpose: 'contract', scope: WHOLE, ...LISTENER });
    held.dropped();
  }
  expect((await readLeases(writer, writer.dialect.nowMs)).map(({ purpose }) => purpose)).toEqual(['contract']);
});
