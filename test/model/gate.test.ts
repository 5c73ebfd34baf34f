import { expect, it } from 'vitest';

import { type GateCode, gateExitCode, type GateResult } from '../../src/model/gate.ts';

function result(...codes: readonly GateCode[]): GateResult {
  const reasons = codes.map((code) => ({ code, text: 't', count: null, details: [] }));
  return { reasons, notes: [], images: 1, undecided: 0, left: 0, verified: 'yes', nodes: [], services: [] };
}

it('a difference gives 7, any other reason 4, and none 0', () => {
  expect(gateExitCode(result())).toBe(0);
  expect(gateExitCode(result('UNDECIDED', 'LEASE', 'SERVICES_REFUSE'))).toBe(4);
  expect(gateExitCode(result('UNDECIDED', 'DRIFT'))).toBe(7);
  for (const code of ['FOREIGN_VALUES', 'RECORDS_ALTERED', 'NODES_DIFFER'] as const)
    expect(gateExitCode(result(code))).toBe(7);
});
