import { expect, it } from 'vitest';

import { isDecided } from '../../src/model/decision.ts';
import { decide, evidence } from '../rules/evidence-builder.ts';

it.each([
  ['exact', evidence('iso', 'bare'), true],
  ['inferred', evidence('qcow2', 'bare'), true],
  ['ambiguous', evidence('raw', 'bare'), false],
  ['unmappable', evidence('root-tar', 'bare'), false],
  ['not-applicable', evidence('raw', 'bare', { image: { deleted: true } }), false],
])('%s is decided or not', (status, image, expected) => {
  const decision = decide(image);
  expect(decision.status).toBe(status);
  expect(isDecided(decision)).toBe(expected);
});
