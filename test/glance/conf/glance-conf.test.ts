import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { glanceDatabaseUrl, readGlanceConf } from '../../../src/glance/conf/glance-conf.ts';
import { RetypeError } from '../../../src/model/error.ts';

let root = '';
let counter = 0;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'glance-conf-'));
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function file(text: string, name = `glance-${(counter += 1)}.conf`): string {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
}

function urlOf(...texts: readonly string[]): string {
  return glanceDatabaseUrl(readGlanceConf(texts.map((text) => file(text)))).url;
}

function refusal(paths: readonly string[]): RetypeError {
  try {
    readGlanceConf(paths);
  } catch (error) {
    if (error instanceof RetypeError) return error;
    throw error;
  }
  throw new Error('the files were accepted');
}

describe('bounds', () => {
  it('values that name others twice each, twenty deep, are refused', () => {
    const lines = Array.from({ length: 19 }, (_, i) => `v${i} = $v${i + 1}$v${i + 1}`);
    const text = `[DEFAULT]\n${lines.join('\n')}\nv19 = x\n[database]\nconnection = sqlite:///$v0\n`;
    expect(() => urlOf(text)).toThrow('GLANCE_CONF');
  });

  it('a variable that is long and named often is refused', () => {
    const text = `[DEFAULT]\nv = ${'x'.repeat(100_000)}\n[database]\nconnection = sqlite:///${'$v'.repeat(100)}\n`;
    expect(() => urlOf(text)).toThrow('GLANCE_CONF');
  });

  it('files of more than 16 MiB together are refused', () => {
    const half = file(`[DEFAULT]\n${'#'.repeat(9 * 1024 * 1024)}\n`);
    const { problems } = refusal([half, half]);
    expect(problems.map(({ found }) => found)).toEqual(['more than 16 MiB of configuration']);
  });

  it('of a file with nothing but mistakes the first 200 are told', () => {
    expect(refusal([file('x\n'.repeat(100_000))]).problems).toHaveLength(200);
  });

  it('a device without end is refused', () => {
    expect(refusal(['/dev/zero']).problems[0].found).toBe('more than 16 MiB of configuration');
  });
});

describe('readGlanceConf', () => {
  it('reads [database] connection with = and with :', () => {
    expect(urlOf('[database]\nconnection = mysql+pymysql://g:p@h/glance\n')).toBe('mysql+pymysql://g:p@h/glance');
    expect(urlOf('[database]\nconnection: sqlite:////var/glance.db\n')).toBe('sqlite:////var/glance.db');
  });

  it('says file, line, section and key, and not the value', () => {
    const path = file('# a comment\n[DEFAULT]\ndebug = true\n\n[database]\nconnection = mysql://g:hunter2@h/glance\n');
    expect(glanceDatabaseUrl(readGlanceConf([path])).place).toBe(`${path}:6 [database] connection`);
  });

  it.each([
    ['[DEFAULT]\nsql_connection = sqlite:///a'],
    ['[DATABASE]\nsql_connection = sqlite:///a'],
    ['[sql]\nconnection = sqlite:///a'],
    ['[DATABASE]\nconnection = sqlite:///a'],
    ['[Database]\nconnection = sqlite:///a'],
  ])('understands the older spelling %j', (text) => {
    expect(urlOf(text)).toBe('sqlite:///a');
  });

  it('does not take [default] for [DEFAULT], nor Connection for connection', () => {
    expect(() => urlOf('[default]\nsql_connection = sqlite:///a')).toThrow('GLANCE_CONF');
    expect(() => urlOf('[database]\nConnection = sqlite:///a')).toThrow('GLANCE_CONF');
  });

  it('prefers the current name to a deprecated one within one file, and a later file to both', () => {
    const both = '[DEFAULT]\nsql_connection = sqlite:///old\n[database]\nconnection = sqlite:///new\n';
    expect(urlOf(both)).toBe('sqlite:///new');
    expect(urlOf(both, '[DEFAULT]\nsql_connection = sqlite:///later\n')).toBe('sqlite:///later');
    expect(urlOf(both, '[glance_store]\nx = 1\n')).toBe('sqlite:///new');
  });

  it('takes the last of several lines, also when the section is opened twice', () => {
    expect(urlOf('[database]\nconnection = sqlite:///a\n[x]\ny=1\n[database]\nconnection = sqlite:///b\n')).toBe(
      'sqlite:///b',
    );
  });

  it('reads the *.conf files of a directory by name', () => {
    const directory = join(root, 'conf.d');
    mkdirSync(directory);
    mkdirSync(join(directory, 'nested.conf'));
    writeFileSync(join(directory, '20-db.conf'), '[database]\nconnection = sqlite:///twenty\n');
    writeFileSync(join(directory, '10-db.conf'), '[database]\nconnection = sqlite:///ten\n');
    writeFileSync(join(directory, '30-db.conf.bak'), '[database]\nconnection = sqlite:///backup\n');
    writeFileSync(join(directory, '.40.conf'), '[database]\nconnection = sqlite:///hidden\n');
    const base = file('[database]\nconnection = sqlite:///base\n');
    expect(readGlanceConf([base, directory]).connection.value).toBe('sqlite:///twenty');
    expect(readGlanceConf([directory, base]).connection.value).toBe('sqlite:///base');
  });

  it('takes one pair of equal quotes off', () => {
    expect(urlOf('[database]\nconnection = "sqlite:///a"')).toBe('sqlite:///a');
    expect(urlOf("[database]\nconnection = 'sqlite:///a'")).toBe('sqlite:///a');
    expect(urlOf('[database]\nconnection = "sqlite:///a\'')).toBe('"sqlite:///a\'');
  });

  it('fills variables in from the own section, then [DEFAULT], then by group', () => {
    const text = [
      '[DEFAULT]',
      'db_host = default-host',
      'db_user = root',
      '[secrets]',
      'word = $$ecret',
      '[database]',
      'db_user = glance',
      'connection = mysql://$db_user:${secrets.word}@$db_host/glance\\$1?x=$2',
    ];
    expect(urlOf(text.join('\n'))).toBe('mysql://glance:$ecret@default-host/glance$1?x=$2');
  });

  it('refuses a variable that no file sets without repeating it', () => {
    const error = refusal([file('[database]\nconnection = mysql://g:pa$hunter2@h/glance')]);
    expect(error.code).toBe('GLANCE_CONF');
    expect(error.message).toContain('[database] connection');
    expect(error.message).not.toContain('hunter2');
  });

  it('refuses variables that lead back to themselves', () => {
    expect(refusal([file('[database]\na = $b\nb = $a\nconnection = $a')]).message).toContain('back to themselves');
  });

  it('joins continuation lines and ends them at a comment or a blank line', () => {
    expect(urlOf('[database]\nconnection =\n  sqlite:///a\n')).toBe('\nsqlite:///a');
    expect(refusal([file('[database]\nconnection = sqlite:///a\n# x\n  more\n')]).message).toContain(':4');
  });

  it('reads Windows line ends', () => {
    expect(urlOf('[database]\r\nconnection = sqlite:///a\r\n')).toBe('sqlite:///a');
  });

  it('collects every problem of every file and never repeats a line', () => {
    const broken = file('key = before any section\n[database\nhunter2 without a sign\n= value only\n[]\n');
    const error = refusal([broken, join(root, 'missing.conf')]);
    const lines = [1, 2, 3, 4, 5].map((line) => `${broken}:${line}`);
    expect(error.problems.map((problem) => problem.place)).toEqual([...lines, join(root, 'missing.conf')]);
    expect(error.message).not.toContain('hunter2');
  });

  it('lists files and keys where no connection is found', () => {
    const one = file('[DEFAULT]\ndebug = true\n');
    const empty = join(root, 'empty.d');
    mkdirSync(empty);
    const { message } = refusal([one, empty]);
    expect(message).toContain(one);
    expect(message).toContain(`${empty} (no *.conf in it)`);
    expect(message).toContain(
      '[database] connection, [DEFAULT] sql_connection, [DATABASE] sql_connection, [sql] connection',
    );
  });

  it('refuses an empty connection and names its line', () => {
    const path = file('[database]\nconnection =\n');
    expect(refusal([path]).problems[0].place).toBe(`${path}:2 [database] connection`);
  });

  it('reads mysql_wsrep_sync_wait and refuses what is no number', () => {
    const text = '[database]\nconnection = sqlite:///a\nmysql_wsrep_sync_wait = 3\n';
    expect(readGlanceConf([file(text)]).connection.value).toBe('sqlite:///a');
    expect(refusal([file(text.replace('3', 'many'))]).message).toContain('mysql_wsrep_sync_wait');
  });

  it('appends connection_parameters as oslo.db does', () => {
    const rest = '\nconnection_parameters = charset=utf8&ssl_ca=/ca.pem\n';
    expect(urlOf(`[database]\nconnection = mysql://h/g${rest}`)).toBe('mysql://h/g?charset=utf8&ssl_ca=/ca.pem');
    expect(urlOf(`[database]\nconnection = mysql://h/g?a=b${rest}`)).toBe(
      'mysql://h/g?a=b&charset=utf8&ssl_ca=/ca.pem',
    );
  });
});
