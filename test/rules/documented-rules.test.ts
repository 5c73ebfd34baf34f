import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { createDecider } from '../../src/rules/decide/decider.ts';
import { loadRules } from '../../src/rules/table/load.ts';
import { type RuleSource, shippedRules } from '../../src/rules/table/rule-files.ts';
import { evidence, liveKernel, outcomeText, predict } from './evidence-builder.ts';

const page = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');
const [, example = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
const ownRules = (text: string): RuleSource => ({ path: 'bad.yaml', text, origin: 'operator' });

describe('the rules file in docs/rules.md', () => {
  const decide = createDecider(loadRules([ownRules(example), shippedRules()]), predict);
  it('does what the page says', () => {
    expect(outcomeText(decide(evidence('raw', 'bare')))).toBe('inferred disk/raw');
    expect(outcomeText(decide(evidence('vpc', 'bare')))).toBe('inferred disk/vhd');
    expect(outcomeText(decide(evidence('raw', 'bare', liveKernel)))).toBe('inferred filesystem/raw');
  });
  it('with the mistake of the page gives the message of the page', () => {
    const message = /expected one of kernel, .*\n  found    "floppy"/.exec(page)?.[0] ?? 'the page has no message';
    expect(() => loadRules([ownRules(example.replace('type: disk', 'type: floppy')), shippedRules()])).toThrow(message);
  });
});
