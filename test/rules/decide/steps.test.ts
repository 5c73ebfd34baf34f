import { describe, expect, it } from 'vitest';

import { observe } from '../../../src/rules/decide/observation.ts';
import { takeSteps } from '../../../src/rules/decide/steps.ts';
import { loadRules } from '../../../src/rules/table/load.ts';
import { shippedRules } from '../../../src/rules/table/rule-files.ts';
import { evidence, type Example, liveKernel, table, typed } from '../evidence-builder.ts';

const own = loadRules([
  {
    path: 'site.yaml',
    text: 'rows: [{ id: SITE, when: { disk: raw }, then: { type: disk, container: $disk }, reason: ours }]',
    origin: 'operator',
  },
  shippedRules(),
]);
const steps = (example: Example = {}, rules = table) => takeSteps(observe(evidence('raw', 'bare', example)), rules);

describe('the steps of a decision', () => {
  it('stop at a not_applicable row, before rows of the operator', () => {
    expect(steps({ image: { deleted: true } }, own)).toMatchObject({ kind: 'stopped', row: { id: 'NA-DELETED' } });
  });
  it('stop at a row of the operator, before references and content', () => {
    expect(steps({ ...liveKernel, ...typed('iso9660', 'raw', 'certain') }, own)).toMatchObject({
      kind: 'operator',
      row: { id: 'SITE' },
      classification: { imageType: 'disk', containerType: 'raw', envelope: null },
    });
  });
  it('join votes and tuple, and rank what is open', () => {
    const weighed = steps({ image: { name: 'vmlinuz' } });
    expect(weighed).toMatchObject({ kind: 'weighed', applied: null, outcome: { kind: 'ambiguous', because: 'open' } });
    expect(weighed.kind === 'weighed' ? weighed.ranked.candidates[0] : null).toMatchObject({ imageType: 'kernel' });
    expect(steps(liveKernel)).toMatchObject({ input: { votes: [{ row: { id: 'OWN-KERNEL' } }], ownKernel: 'proven' } });
  });
  it('apply the content last', () => {
    expect(steps(typed('iso9660', 'raw', 'certain'))).toMatchObject({
      applied: { row: { id: 'CONTENT-PROOF' }, without: { kind: 'ambiguous' } },
      outcome: { kind: 'decided', status: 'exact', classification: { imageType: 'iso9660' } },
      ranked: { candidates: [], hints: [] },
    });
  });
});
