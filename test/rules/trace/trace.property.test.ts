import * as fc from 'fast-check';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

import type { ImageEvidence } from '../../../src/model/image.ts';
import { createDecider } from '../../../src/rules/decide/decider.ts';
import { loadRules } from '../../../src/rules/table/load.ts';
import { readRulesFile, shippedRules } from '../../../src/rules/table/rule-files.ts';
import type { RuleTable } from '../../../src/rules/table/rule-table.ts';
import { traceDecision, type Trace } from '../../../src/rules/trace/trace.ts';
import { anyImage, probedImage, strongImage } from '../any-image.ts';
import { rowsOf, table, predict } from '../evidence-builder.ts';
import { runs } from '../../support/effort.ts';

const example = fileURLToPath(new URL('../../../config/example.rules.yaml', import.meta.url));
const withOwnRows = loadRules([readRulesFile(example), shippedRules()]);

const tables: readonly (readonly [string, RuleTable])[] = [
  ['the shipped table', table],
  ['rules of the operator before it', withOwnRows],
];

/** What is wrong with a trace; one text, because an `expect` for each check takes most of the time. */
function faultsOf(trace: Trace, { vocabulary, contradictions }: RuleTable): string {
  const joined = new Set([...contradictions.values()].map(({ id }) => id));
  const inDecision = rowsOf(trace.decision).filter((id) => !joined.has(id));
  const fired = trace.sections.map((section) => section.fired).filter((id) => id !== null);
  const tried = trace.sections.flatMap((section) => section.tried.map((row) => ({ ...row, fired: section.fired })));
  const members = (word: string) => [
    ...(vocabulary.disk.groups.get(word) ?? []),
    ...(vocabulary.container.groups.get(word) ?? []),
  ];
  const checks: readonly (readonly [string, boolean])[] = [
    [
      'rows fired are not those of the decision',
      fired.toSorted().join() === [...new Set(inDecision)].toSorted().join(),
    ],
    [
      'a row fired with a condition that does not hold',
      tried.every((row) => row.id !== row.fired || row.misses.length === 0),
    ],
    ['a row did not fire for no reason', tried.every((row) => row.id === row.fired || row.misses.length > 0)],
    [
      'a reason is untrue',
      tried.every(({ misses }) =>
        misses.every(
          ({ attribute, found, wanted }) =>
            trace.facts[attribute] === found &&
            wanted.length > 0 &&
            !wanted.includes(found) &&
            !wanted.flatMap(members).includes(found),
        ),
      ),
    ],
    [
      'a row tried below the one that fired',
      trace.sections.every(({ fired: id, tried: rows }) => id === null || rows.at(-1)?.id === id),
    ],
    ['tried and skipped', trace.sections.every(({ skipped, tried: rows }) => skipped === null || rows.length === 0)],
  ];
  return checks.flatMap(([fault, fine]) => (fine ? [] : [fault])).join('; ');
}

describe.each(tables)('for every conceivable row, by %s', (_name, rules) => {
  const decide = createDecider(rules, predict);
  const check = (image: ImageEvidence): void => {
    const trace = traceDecision(image, rules, predict);
    expect(JSON.stringify(trace.decision)).toBe(JSON.stringify(decide(image)));
    expect(faultsOf(trace, rules)).toBe('');
  };

  it('the trace comes to the decision, and the rows that fire are those that the decision names', () => {
    fc.assert(fc.property(fc.oneof(probedImage, strongImage, anyImage), check), runs(3_000));
  });
});
