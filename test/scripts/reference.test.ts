import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { referencePage } from '../../scripts/reference/page.ts';
import { ERROR_CODES } from '../../src/model/error-codes.ts';
import { FINDING_CODES } from '../../src/model/finding.ts';
import { CONTAINER_TYPES, IMAGE_TYPES } from '../../src/model/vocabulary.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

const page = referencePage(
  [{ command: 'glance-retype plan', text: 'plan --help\n  first line   \n' }],
  [{ id: 'a-rule', outcome: 'exact: disk/raw', reason: 'one | two\nthree' }],
);

describe('the reference page', () => {
  it('has a section for every error and every finding', () => {
    const headings = page.split('\n').filter((line) => line.startsWith('### '));
    for (const code of [...ERROR_CODES, ...FINDING_CODES]) {
      expect(headings.filter((line) => line === `### ${code}`)).toHaveLength(1);
    }
  });

  it('names every error beside its exit code', () => {
    for (const code of ERROR_CODES) expect(page).toMatch(new RegExp(`^\\| \\d \\|.*\`${code}\``, 'mu'));
  });

  it('lists the vocabulary', () => {
    expect(page).toContain(`| image type | ${IMAGE_TYPES.map((word) => `\`${word}\``).join(' ')} |`);
    for (const word of CONTAINER_TYPES) expect(page).toContain(`\`${word}\``);
  });

  it('shows help texts as they are, without trailing blanks', () => {
    expect(page).toContain('### glance-retype plan\n\n```text\nplan --help\n  first line\n```');
  });

  it('keeps a rule on one row of the table, whatever its reason holds', () => {
    expect(page).toContain('| `a-rule` | exact: disk/raw | one \\| two three |');
  });

  it('is the one in the repository', () => {
    const check = spawnSync('node_modules/.bin/tsx', ['scripts/reference.ts', '--check'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(check.stderr).toBe('');
    expect(check.status).toBe(0);
  });
});
