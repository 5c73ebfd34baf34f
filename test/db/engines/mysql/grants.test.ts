import { describe, expect, it } from 'vitest';
import { missingFromGrants } from '../../../../src/db/engines/mysql/grants.ts';

const to = 'TO `u`@`%`';

function missing(
  lines: readonly string[],
  wanted: readonly ('select' | 'insert' | 'update')[] = ['select', 'insert'],
): readonly string[] {
  return missingFromGrants(lines, 'glance_1', 'images', wanted);
}

describe('missingFromGrants', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['global', [`GRANT SELECT, INSERT, SUPER ON *.* ${to}`], []],
    ['all', [`GRANT ALL PRIVILEGES ON *.* ${to} WITH GRANT OPTION`], []],
    [
      'usage',
      [`GRANT USAGE ON *.* ${to} IDENTIFIED BY PASSWORD '*6BB4837EB74329105EE4568DDA7DC67ED2CA2AD9'`],
      ['select', 'insert'],
    ],
    ['database', [`GRANT ALL PRIVILEGES ON \`glance_1\`.* ${to}`], []],
    ['escaped', [String.raw`GRANT ALL PRIVILEGES ON ${'`glance\\_1`'}.* ${to}`], []],
    ['wildcard', [`GRANT SELECT ON \`gl%\`.* ${to}`], ['insert']],
    ['other database', [`GRANT ALL PRIVILEGES ON \`glance\`.* ${to}`], ['select', 'insert']],
    [
      'escaped underscore is no wildcard',
      [String.raw`GRANT ALL PRIVILEGES ON ${'`glanc\\__1`'}.* ${to}`],
      ['select', 'insert'],
    ],
    ['table', [`GRANT SELECT ON \`glance_1\`.\`images\` ${to}`], ['insert']],
    ['other table', [`GRANT SELECT ON \`glance_1\`.\`image\` ${to}`], ['select', 'insert']],
    ['columns only', [`GRANT SELECT (\`id\`, \`name\`), INSERT ON \`glance_1\`.\`images\` ${to}`], ['select']],
    ['procedure', [`GRANT EXECUTE ON PROCEDURE \`glance_1\`.\`images\` ${to}`], ['select', 'insert']],
    ['most specific only', [`GRANT SELECT ON \`glance_1\`.* ${to}`, `GRANT INSERT ON \`%\`.* ${to}`], ['insert']],
    ['roles add up', [`GRANT \`r\` ${to}`, `GRANT SELECT ON \`glance_1\`.* ${to}`, 'GRANT INSERT ON `%`.* TO `r`'], []],
    ['partial revoke', [`GRANT SELECT, INSERT ON *.* ${to}`, 'REVOKE INSERT ON `glance_1`.* FROM `u`@`%`'], ['insert']],
  ])('%s', (_title, lines, expected) => {
    expect(missing(lines)).toEqual(expected);
  });
});
