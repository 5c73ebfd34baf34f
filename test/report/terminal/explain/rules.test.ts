import { expect, it } from 'vitest';

import { joiningSection, rulesSection } from '../../../../src/report/terminal/explain/rules.ts';
import { traceDecision, type Trace } from '../../../../src/rules/trace/trace.ts';
import { evidence, liveKernel, table, typed, predict } from '../../../rules/evidence-builder.ts';

const PLAIN = { width: 100, colour: 'plain' } as const;
const SECTION = { section: 'tuples', tried: [], fired: null, untried: 0, skipped: null } as const;
const row = (id: string, found: string) => ({
  id,
  reason: 'because',
  place: 'x:1 tuples[0]',
  misses: found === '' ? [] : [{ attribute: 'disk' as const, found, wanted: ['a', 'b', 'c', 'd', 'e'] }],
});

function sectionsOf(...sections: Trace['sections']): readonly string[] {
  return rulesSection({ ...traceDecision(evidence('raw', 'bare'), table, predict), sections }, PLAIN)
    .split('\n')
    .slice(1);
}

it('rows that fail by the same condition share a line, and the row that fires ends the section', () => {
  const tried = [row('A', 'raw'), row('B', 'raw'), row('C', 'iso'), row('D', '')];
  expect(sectionsOf({ ...SECTION, tried, fired: 'D', untried: 2 }).slice(1)).toEqual([
    '       disk is raw, wanted a, b, c or others  A, B',
    '       disk is iso, wanted a, b, c or others  C',
    '       D fires: because',
    '       2 below it are not tried',
  ]);
});

it('a section without a row that fires says why', () => {
  expect(sectionsOf({ ...SECTION, skipped: 'something has ended it' })[1]).toBe(
    '       not tried: something has ended it',
  );
  expect(sectionsOf(SECTION)[1]).toBe('       no rows');
  expect(sectionsOf({ ...SECTION, section: 'operator' })[1]).toContain('no --rules file was given');
});

it('the joining names tuple, votes and what they come to', () => {
  const text = joiningSection(traceDecision(evidence('ami', 'ami', liveKernel), table, predict), PLAIN);
  expect(text).toMatch(/^How the evidence was combined\n {2}tuple +\S+ says /);
  expect(text).toMatch(/\n {2}properties +OWN-KERNEL votes filesystem\n/);
  expect(text).toMatch(/\n {2}combined +the votes choose among the types that the tuple allows: exact filesystem\/raw/);
});

it('content that decides is named with its rule', () => {
  const text = joiningSection(
    traceDecision(evidence('raw', 'bare', typed('disk', 'raw', 'certain')), table, predict),
    PLAIN,
  );
  expect(text).toMatch(/\n {2}content +says disk\/raw\n {2}with content +[A-Z-]+: /);
});

it('nothing was joined where a row ended the decision first', () => {
  expect(
    joiningSection(traceDecision(evidence('raw', 'bare', { image: { deleted: true } }), table, predict), PLAIN),
  ).toBe('');
});
