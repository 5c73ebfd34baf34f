import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

import { readRulesFile, shippedRules } from '../../../src/rules/table/rule-files.ts';

const MIB = 1024 * 1024;

function file(content: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'rules-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const at = path.join(folder, 'site.yaml');
  writeFileSync(at, content);
  return at;
}

it('the shipped table is found', () => {
  expect(shippedRules()).toMatchObject({ path: 'config/rules.yaml', origin: 'shipped' });
});

it('an operator file is read under its path', () => {
  const at = file('rows: []');
  expect(readRulesFile(at)).toEqual({ path: at, text: 'rows: []', origin: 'operator' });
});

it('a missing file and one of more than 4 MiB are refused', () => {
  expect(() => readRulesFile('/no/such/file')).toThrow(/^RULES_FILE.*ENOENT/s);
  expect(() => readRulesFile(file('#'.repeat(4 * MIB + 1)))).toThrow(/more than 4 MiB/);
  expect(readRulesFile(file('#'.repeat(4 * MIB))).text).toHaveLength(4 * MIB);
});
