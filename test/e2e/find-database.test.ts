import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { CLI, type CliResult, runCli } from '../support/program/run-cli.ts';
import { ENGINES, openForTest, runAsAdmin, withFreshDatabase } from '../support/servers/engines.ts';

const SECRET = 'hunter2';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'find-database-'));
  chmodSync(path, 0o755);
  return path;
}

function write(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function naming(url: string): string {
  return `[DEFAULT]\n[database]\nconnection = ${url}\n`;
}

let url = '';
beforeAll(async () => {
  const fresh = await withFreshDatabase('sqlite');
  await using database = Object.assign(await openForTest(fresh.url, 'read-write', () => undefined), {
    async [Symbol.asyncDispose]() {
      await database.close();
    },
  });
  await createEra(database, eraNamed('newest'));
  url = fresh.url;
});

/** What is told of the way to the database; on a slow machine the log of the command is on standard error too. */
function told({ stderr }: CliResult): readonly string[] {
  const lines = stderr.split('\n').map((line) => line.replace(/^\d{4}-\S+Z /u, ''));
  return lines.filter((line) => /^(?:found |the database is that of |warning: )/u.test(line));
}

describe('a command that names no database', () => {
  it('uses the configuration in its usual place, and says so', async () => {
    const home = folder();
    const conf = write(join(home, '.glance/glance-api.conf'), naming(url));
    const plan = await runCli(['plan'], { env: { HOME: home } });
    expect([plan.code, told(plan)]).toEqual([
      0,
      [`found ${conf}; the database is that of ${conf}:3 [database] connection (--show-config prints each value)`],
    ]);
    expect((await runCli(['plan', '-q'], { env: { HOME: home } })).stderr).toBe('');
    const json = await runCli(['plan', '--log-format', 'json'], { env: { HOME: home } });
    const events = json.stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    expect(events).toContainEqual(expect.objectContaining({ event: 'note', text: told(plan)[0] }));
    // The next command finds it by itself too.
    expect(plan.stdout).toMatch(/glance-retype plan --questions/u);
  });

  it('takes the variable of oslo.config before the files, and its own before both', async () => {
    const home = folder();
    write(join(home, '.glance/glance-api.conf'), naming('sqlite:////nonexistent'));
    const byOslo = await runCli(['status'], { env: { HOME: home, OS_DATABASE__CONNECTION: url } });
    expect([byOslo.code, told(byOslo)]).toEqual([
      0,
      [expect.stringContaining('the database is that of OS_DATABASE__CONNECTION in the environment')],
    ]);
    const both = { OS_DATABASE__CONNECTION: 'sqlite:////nonexistent', GLANCE_RETYPE_DATABASE_URL: url };
    const byOwn = await runCli(['status'], { env: { HOME: home, ...both } });
    expect([byOwn.code, told(byOwn)]).toEqual([0, []]);
  });

  it('is told what gate compares: the formats of the node that it runs on', async () => {
    const home = folder();
    const conf = write(join(home, '.glance/glance-api.conf'), `${naming(url)}[image_format]\ndisk_formats = raw,vpc\n`);
    const { stdout } = await runCli(['gate', '--json', '-'], { env: { HOME: home } });
    const { nodes } = JSON.parse(stdout) as { nodes: readonly unknown[] };
    expect(nodes).toMatchObject([{ name: conf, disk_formats: ['raw', 'vpc'] }]);
    const env = { HOME: home, OS_IMAGE_FORMAT__DISK_FORMATS: 'iso' };
    const changed = await runCli(['gate', '--json', '-'], { env });
    expect(JSON.parse(changed.stdout)).toMatchObject({ nodes: [{ name: conf, disk_formats: ['iso'] }] });
    const others = await runCli(['gate', '--json', '-', '--node-conf', conf], { env });
    expect(JSON.parse(others.stdout)).toMatchObject({ nodes: [{ disk_formats: ['raw', 'vpc'] }] });
  });

  it('is told where was looked', async () => {
    const { code, stderr } = await runCli(['plan'], { env: { HOME: folder() } });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^DATABASE_URL/mu) as string]);
    for (const place of [
      '.glance',
      '/etc/glance',
      '/etc/kolla/glance-api',
      'puppet-generated/glance_api',
      '--config-file',
    ]) {
      expect(stderr).toContain(place);
    }
  });

  it('is told of a directory that it may not enter, and what to do', () => {
    const home = folder();
    write(join(home, '.glance/glance-api.conf'), naming(url));
    chmodSync(join(home, '.glance'), 0);
    // Root may enter every directory; the program then runs as nobody.
    const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const env = { PATH: process.env['PATH'], HOME: home };
    const { status, stderr } = spawnSync(process.execPath, [CLI, 'plan'], { ...user, env, encoding: 'utf8' });
    chmodSync(join(home, '.glance'), 0o755);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^GLANCE_CONF/mu) as string]);
    expect(stderr).toMatch(/at +\/.*\.glance\n[^]*permission denied[^]*sudo[^]*group[^]*glance/u);
  });
});

describe('a command that names files', () => {
  it('reads them in the order of the command line and repeats them in that order', async () => {
    const root = folder();
    const other = write(join(root, 'a.conf'), naming('sqlite:////nonexistent'));
    const meant = join(root, 'my conf.d');
    write(join(meant, '10.conf'), naming('sqlite:////nonexistent'));
    write(join(meant, '20.conf'), naming(url));
    const at = ['--config-file', other, '--config-dir', meant];
    const right = await runCli(['plan', ...at], { env: { HOME: root } });
    expect([right.code, told(right)]).toEqual([0, []]);
    expect(right.stdout).toContain(`glance-retype plan --config-file ${other} --config-dir '${meant}'`);
    const wrong = await runCli(['plan', '--config-dir', meant, '--config-file', other], { env: { HOME: root } });
    expect([wrong.code, wrong.stderr]).toEqual([8, expect.stringContaining('/nonexistent') as string]);
  });

  it('is told that the environment comes first', async () => {
    const conf = write(join(folder(), 'a.conf'), naming('sqlite:////nonexistent'));
    const status = await runCli(['status', '--config-file', conf], { env: { OS_DATABASE__CONNECTION: url } });
    expect([status.code, told(status)]).toEqual([
      0,
      [`the database is that of OS_DATABASE__CONNECTION in the environment, which comes before ${conf}`],
    ]);
  });

  it('refuses an address beside them', async () => {
    for (const option of ['--config-file', '--config-dir', '--glance-conf']) {
      const { code, stderr } = await runCli(['status', '--database-url', url, option, '/x']);
      expect([code, stderr], option).toEqual([2, expect.stringMatching(/^USAGE[^]*together/mu) as string]);
    }
  });
});

/** Glance's configuration as TripleO writes it, with the option file beside it as in the container. */
function tripleo(): { readonly root: string; readonly conf: string; readonly options: string } {
  const root = folder();
  const conf = write(
    join(root, 'etc/glance/glance-api.conf'),
    [
      '[DEFAULT]',
      'enabled_backends = fast:file,ceph:rbd',
      '[fast]',
      'filesystem_store_datadir = /var/lib/glance/images',
      '[database]',
      `connection = mysql+pymysql://glance:${SECRET}@127.0.0.1:1/glance?read_default_group=tripleo&read_default_file=/etc/my.cnf.d/tripleo.cnf`,
      'mysql_wsrep_sync_wait = 3',
      '',
    ].join('\n'),
  );
  const options = write(
    join(root, 'etc/my.cnf.d/tripleo.cnf'),
    '[tripleo]\nssl=1\nbind-address=127.0.0.1\nssl-ca=/etc/ipa/nowhere.crt\n',
  );
  return { root, conf, options };
}

describe('--show-config', () => {
  it('prints each value and where it is set, no password, and connects to nothing', async () => {
    const { conf, options } = tripleo();
    const { code, stdout } = await runCli(['plan', '--config-file', conf, '--show-config']);
    expect(code).toBe(0);
    const rows = stdout.split('\n').map((line) => line.trim().split(/ {2,}/u));
    const here = `${conf}:6 [database] connection`;
    expect(rows).toEqual(
      expect.arrayContaining([
        [
          'address',
          'mysql+pymysql://glance:***@127.0.0.1:1/glance?read_default_group=tripleo&read_default_file=/etc/my.cnf.d/tripleo.cnf',
          here,
        ],
        ['engine', 'MySQL or MariaDB', here],
        ['host', '127.0.0.1', here],
        ['port', '1', here],
        ['user', 'glance', here],
        ['password', '***', here],
        ['database', 'glance', here],
        ['TLS', 'yes; the certificate of the server and its name are verified', `${options}:4 [tripleo] ssl-ca`],
        [
          'TLS authority',
          '/etc/ipa/nowhere.crt (not found here; --tls-ca names a copy)',
          `${options}:4 [tripleo] ssl-ca`,
        ],
        ['not used', 'ssl', `${options}:2 [tripleo] ssl`],
        ['mysql_wsrep_sync_wait', expect.stringMatching(/^3 /u), `${conf}:7 [database] mysql_wsrep_sync_wait`],
        ['store', '/var/lib/glance/images', `${conf}:4 [fast] filesystem_store_datadir`],
        [conf],
        [options],
      ]) as unknown,
    );
    expect(stdout).not.toContain(SECRET);
  });

  it('says where the environment, an option and an option file have their say', async () => {
    const { conf } = tripleo();
    const own = write(join(folder(), 'my.cnf'), `[tripleo]\nuser=ops\npassword=${SECRET}\n`);
    const env = { OS_DATABASE__CONNECTION: 'mysql://127.0.0.1:1/other?read_default_group=tripleo' };
    const json = join(folder(), 'config.json');
    const at = ['--config-file', conf, '--defaults-file', own, '--tls-ca', own, '--rules', 'mine.yaml'];
    const { code, stdout } = await runCli(['plan', ...at, '--show-config', '--json', json], { env });
    expect(code).toBe(0);
    const config = JSON.parse(readFileSync(json, 'utf8')) as Record<string, unknown>;
    const byVariable = 'OS_DATABASE__CONNECTION in the environment';
    expect(config).toMatchObject({ format_version: 1, kind: 'configuration', files: [conf, own] });
    expect(config['database']).toEqual(
      expect.arrayContaining([
        { name: 'user', value: 'ops', source: `${own}:2 [tripleo] user` },
        { name: 'password', value: '***', source: `${own}:3 [tripleo] password` },
        { name: 'database', value: 'other', source: byVariable },
        { name: 'TLS authority', value: own, source: '--tls-ca' },
      ]) as unknown,
    );
    expect(config['deciding']).toContainEqual({ name: 'rules', value: 'mine.yaml', source: '--rules' });
    expect(stdout + JSON.stringify(config)).not.toContain(SECRET);
  });

  it.each([
    ['explain', 'an-id'],
    ['diff', 'a.json'],
    ['rules', 'check', 'a.yaml'],
    ['status'],
    ['verify'],
    ['gate'],
    ['expand'],
    ['migrate'],
    ['rollback'],
    ['contract'],
  ])('is an option of %s', async (...words) => {
    const { code, stdout } = await runCli([
      ...words,
      '--database-url',
      'postgresql://g@nowhere.invalid/g',
      '--show-config',
    ]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/host +nowhere\.invalid +--database-url/u) as string]);
  });
});

describe('a path that is valid only inside the container', () => {
  it('is answered with the option that names a copy', async () => {
    const { conf } = tripleo();
    const { code, stderr } = await runCli(['status', '--config-file', conf]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/nowhere\.crt[^]*--tls-ca/u) as string]);
  });

  it('that is an option file is told, and the tool goes on as PyMySQL does', async () => {
    const url = 'mysql://g@127.0.0.1:1/g?read_default_file=/nowhere/my.cnf';
    const conf = write(join(folder(), 'glance-api.conf'), naming(url));
    const { stdout } = await runCli(['status', '--config-file', conf, '--show-config']);
    expect(stdout).toMatch(/\/nowhere\/my\.cnf[^]*--defaults-file/u);
    const own = await runCli(['status', '--config-file', conf, '--show-config', '--defaults-file', '/nowhere/own.cnf']);
    expect([own.code, own.stderr]).toEqual([2, expect.stringMatching(/--defaults-file[^]*ENOENT/u) as string]);
  });
});

describe('a password on the command line', () => {
  it('is warned of in one line, and never repeated', async () => {
    const status = await runCli([
      'status',
      '--database-url',
      `mysql://g:${SECRET}@127.0.0.1:1/g`,
      '--tls-ca',
      '/nowhere/ca.pem',
    ]);
    expect(status.code).toBe(2);
    expect(told(status)).toHaveLength(1);
    expect(told(status)[0]).toMatch(
      /^warning: .*--database-url.*GLANCE_RETYPE_DATABASE_URL, --config-file or --defaults-file$/u,
    );
    expect(status.stdout + status.stderr).not.toContain(SECRET);
  });

  it('is not, where there is none', async () => {
    expect(told(await runCli(['status', '--database-url', url]))).toEqual([]);
  });
});

describe.runIf(ENGINES.includes('mariadb'))('an option file', () => {
  it('supplies the account of a real MariaDB, so that no command line holds a password', async () => {
    const fresh = await withFreshDatabase('mariadb');
    await createEra(await openForTest(fresh.url), eraNamed('newest'));
    const { hostname, port, pathname } = new URL(fresh.url);
    const user = `u${pathname.slice(-8)}`;
    await runAsAdmin('mariadb', [
      `CREATE USER '${user}'@'%' IDENTIFIED BY '${SECRET}#"'`,
      `GRANT SELECT ON \`${pathname.slice(1)}\`.* TO '${user}'@'%'`,
    ]);
    const file = write(
      join(folder(), 'my.cnf'),
      `!includedir /etc/my.cnf.d\n[client]\nuser=${user}\npassword="${SECRET}#""\nhost=${hostname}\nport=${port}\n`,
    );
    const byFile = await runCli(['plan', '--database-url', `mysql://${pathname}`, '--defaults-file', file]);
    expect([byFile.code, told(byFile)]).toEqual([0, []]);
    expect(byFile.stdout).toContain(`glance-retype plan --database-url mysql://${pathname} --defaults-file ${file}`);
    const byConf = await runCli(['status'], {
      env: { HOME: folder(), OS_DATABASE__CONNECTION: `mysql+pymysql://${pathname}?read_default_file=${file}` },
    });
    expect([byConf.code, byConf.stdout]).toEqual([0, expect.stringContaining('not expanded') as string]);
  });
});
