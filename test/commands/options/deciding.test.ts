import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import yargs from 'yargs';

import { decidingOptions, decidingTail, loadDeciding } from '../../../src/commands/options/deciding.ts';
import { RetypeError } from '../../../src/model/error.ts';
import { evidence, outcomeText } from '../../rules/evidence-builder.ts';

const folder = mkdtempSync(join(tmpdir(), 'glance-retype-deciding-'));
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}
const RAW = evidence('raw', 'bare', { image: { id: 'a' } });

it.each(['--answers', '--decisions'])('the answers file is named by %s', async (option) => {
  const given = await decidingOptions(yargs()).parseAsync([option, 'a.yaml']);
  expect(given['answers']).toBe('a.yaml');
});

describe('how images are decided', () => {
  it('by the rules alone', () => {
    const { base, decide, answers, rulesDigest } = loadDeciding({ rules: undefined, answers: undefined });
    expect([decide, answers]).toEqual([base, null]);
    expect(rulesDigest).toMatch(/^[\da-f]{64}$/);
  });

  it('by own rules before the shipped ones', () => {
    const rules = file('r.yaml', 'aliases:\n  disk:\n    vpc: vhd\n');
    const shipped = loadDeciding({ rules: undefined, answers: undefined });
    const own = loadDeciding({ rules: [rules], answers: undefined });
    const image = evidence('vpc', 'bare');
    expect(outcomeText(own.decide(image))).not.toBe(outcomeText(shipped.decide(image)));
    expect(own.rulesDigest).not.toBe(shipped.rulesDigest);
  });

  it('by answers on top of the rules', () => {
    const when = '{ name: x, property: { os_type: linux } }';
    const answers = file(
      'a.yaml',
      `answers:\n  - { images: a, answer: kernel/raw }\n  - { when: ${when}, answer: leave }\n`,
    );
    const loaded = loadDeciding({ rules: undefined, answers });
    expect([outcomeText(loaded.decide(RAW)), outcomeText(loaded.base(RAW))]).toEqual([
      'inferred kernel/raw',
      expect.stringMatching(/^ambiguous/) as string,
    ]);
    expect(loaded.alsoProperties).toEqual(['os_type']);
  });

  it('not by answers that are not there', () => {
    const missing = join(folder, 'none.yaml');
    expect(() => loadDeciding({ rules: undefined, answers: missing })).toThrow(RetypeError);
    expect(() => loadDeciding({ rules: undefined, answers: missing })).toThrow(/DECISIONS_FILE[^]*no such file/);
  });
});

it('suggested commands repeat rules, answers and content', () => {
  expect(decidingTail({ rules: ['a', 'b c'], answers: 'q', probe: 'all', osToken: 'secret' })).toBe(
    " --rules a --rules 'b c' --answers q --probe all",
  );
});
