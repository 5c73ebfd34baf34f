import { describe, expect, it } from 'vitest';

import { sectionTexts, type RuleText } from '../../../src/report/words/rules-text.ts';
import { loadRules } from '../../../src/rules/table/load.ts';
import { shippedRules } from '../../../src/rules/table/rule-files.ts';
import { RULE_SECTIONS, sectionRows } from '../../../src/rules/table/rule-table.ts';
import { table } from '../../rules/evidence-builder.ts';

const OWN = `
rows:
  - id: RAW-DISK
    when: { disk: [raw, iso], container: bare }
    then: { type: disk, container: raw }
    reason: ours
  - id: TARRED
    when: { disk: qcow2 }
    then: { type: $disk, container: $disk, envelope: tgz }
    reason: ours too
`;

const byId = (texts: readonly RuleText[], id: string): RuleText | undefined => texts.find((text) => text.id === id);

describe('rules in words', () => {
  it('has every row of every section, in order, with its reason and place', () => {
    for (const section of RULE_SECTIONS) {
      const rows = sectionRows(table, section);
      const texts = sectionTexts(table, section);
      expect(texts.map(({ id, reason }) => [id, reason])).toEqual(rows.map(({ id, reason }) => [id, reason]));
      for (const { place, answer } of texts) {
        expect(place).toMatch(/^config\/rules\.yaml:\d+ \w+\[\d+\]$/);
        expect(answer).not.toBe('');
      }
    }
  });

  it('says what each kind of row answers', () => {
    expect(byId(sectionTexts(table, 'not_applicable'), 'NA-DELETED')?.answer).toBe('not applicable');
    expect(byId(sectionTexts(table, 'tuples'), 'RAW')?.answer).toMatch(/^ambiguous: disk\/raw or /);
    expect(byId(sectionTexts(table, 'properties'), 'OWN-KERNEL')?.answer).toBe('says filesystem');
    expect(sectionTexts(table, 'contradictions').map(({ answer }) => answer)).toContain('ambiguous');
  });

  it('puts conditions and answers of the operator into words', () => {
    const own = loadRules([{ path: 'own.yaml', text: OWN, origin: 'operator' }, shippedRules()]);
    expect(sectionTexts(own, 'operator').map(({ id, when, answer }) => [id, when, answer])).toEqual([
      [
        'RAW-DISK',
        [
          { attribute: 'disk', words: ['raw', 'iso'] },
          { attribute: 'container', words: ['bare'] },
        ],
        'inferred: disk/raw',
      ],
      [
        'TARRED',
        [{ attribute: 'disk', words: ['qcow2'] }],
        "inferred: what disk_format says/disk_format's container in envelope tgz",
      ],
    ]);
  });
});
