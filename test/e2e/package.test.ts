import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { mbrDisk } from '../../scripts/fixtures/payloads/disks.ts';
import { storeFixture } from '../run/support/image-store.ts';
import { freshCheckout } from '../support/program/checkout.ts';
import { runCli } from '../support/program/run-cli.ts';
import { ENGINES } from '../support/servers/engines.ts';

/** A PATH with what npm needs, and with no compiler, no make and no Python. */
function pathWithoutCompiler(): string {
  const folder = mkdtempSync(join(tmpdir(), 'glance-retype-path-'));
  for (const name of ['node', 'npm', 'sh', 'env', 'rm']) {
    symlinkSync(execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(folder, name));
  }
  return folder;
}

const PATH = pathWithoutCompiler();
const ENVIRONMENT = {
  ...process.env,
  // What an `npm run` around this test sets would lead npm to this project.
  npm_config_prefix: undefined,
  npm_config_local_prefix: undefined,
  npm_config_prefer_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
};

let checkout = '';
let tarball = '';
/** The lib/node_modules/glance-retype of an installation without better-sqlite3. */
let installed = '';

function npm(words: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync('npm', words, {
    cwd: checkout,
    env: { ...ENVIRONMENT, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

beforeAll(() => {
  checkout = freshCheckout();
  mkdirSync(join(checkout, 'dist'));
  writeFileSync(join(checkout, 'dist/left-over.js'), 'of an earlier build\n');
  tarball = join(checkout, npm(['pack', '--silent']).trim().split('\n').at(-1) ?? '');
  const prefix = mkdtempSync(join(tmpdir(), 'glance-retype-prefix-'));
  // Nothing listens there, so the ready-made build cannot be downloaded.
  npm(['install', '--global', '--prefix', prefix, tarball], {
    PATH,
    npm_config_better_sqlite3_binary_host: 'http://127.0.0.1:9',
  });
  installed = join(prefix, 'lib/node_modules/glance-retype');
});

describe('npm pack in a fresh clone, without npm ci before it', () => {
  it('holds the built program and its data, and nothing of an earlier build', () => {
    for (const path of [
      'dist/cli.js',
      'dist/report/html/browser.js',
      'config/rules.yaml',
      'config/services.yaml',
      'docs/installation.md',
      'LICENSE',
    ])
      expect([path, existsSync(join(installed, path))]).toEqual([path, true]);
    expect(existsSync(join(installed, 'dist/left-over.js'))).toBe(false);
    expect(existsSync(join(installed, 'src'))).toBe(false);
  });

  it('holds every file that its documents link to', () => {
    const documents = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.md') && !path.startsWith('node_modules'),
    );
    expect(documents).toContain('README.md');
    const missing = documents.flatMap((document) => {
      const text = readFileSync(join(installed, document), 'utf8');
      const links = Array.from(text.matchAll(/\]\((?!https?:|#)([^)#]+)/gu), ([, target = '']) => target);
      return links
        .map((target) => normalize(join(dirname(document), target)))
        .filter((target) => !existsSync(join(installed, target)));
    });
    expect(missing).toEqual([]);
  });
});

describe('npm install -g without a compiler and without a ready-made better-sqlite3', () => {
  const run = async (argv: readonly string[]) =>
    runCli(argv, { program: join(installed, 'dist/cli.js'), env: { PATH } });

  it('puts the manual page where man looks for it', () => {
    const page = readFileSync(join(installed, '../../../share/man/man1/glance-retype.1'), 'utf8');
    expect(page).toMatch(/^\.TH GLANCE\\-RETYPE 1 /mu);
  });

  it('leaves better-sqlite3 out, and the program starts', async () => {
    expect(existsSync(join(installed, 'node_modules/mysql2'))).toBe(true);
    expect(existsSync(join(installed, 'node_modules/better-sqlite3'))).toBe(false);
    const command = execFileSync(join(installed, '../../../bin/glance-retype'), ['--version'], {
      env: { PATH },
      encoding: 'utf8',
    });
    const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    expect(command).toBe(`${version}\n`);
    for (const words of [['--help'], ['diff', '--help'], ['rules', 'show']]) {
      expect([words, (await run(words)).code]).toEqual([words, 0]);
    }
  });

  it('says what is missing for SQLite databases and for diff, and how to get it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'glance-retype-e2e-'));
    writeFileSync(join(folder, 'glance.db'), '');
    for (const words of [
      ['plan', '--database-url', `sqlite:///${join(folder, 'glance.db')}`],
      ['status', '--database-url', `sqlite:///${join(folder, 'nothing.db')}`],
      ['diff', join(folder, 'one.json'), join(folder, 'two.json')],
    ]) {
      const { code, stdout, stderr } = await run(words);
      expect([words, code, stdout, stderr]).toEqual([words, 2, '', expect.stringMatching(/^SQLITE_UNAVAILABLE: /u)]);
      expect(stderr).toContain('found    better-sqlite3 is not installed');
      expect(stderr).toContain('do       npm install');
    }
  });

  it.each(ENGINES.filter((engine) => engine !== 'sqlite'))(
    'plans on %s, looks into images, and writes a report; only verdicts are not kept',
    async (engine) => {
      const store = await storeFixture(engine);
      await store.add(mbrDisk(1));
      const folder = mkdtempSync(join(tmpdir(), 'glance-retype-e2e-'));
      const html = join(folder, 'plan.html');
      const cache = join(folder, 'cache', 'verdicts.db');
      const plan = await run([
        'plan',
        '--database-url',
        store.url,
        '--store-path',
        store.directory,
        '--probe-cache',
        cache,
        '--html',
        html,
      ]);
      expect([plan.code, plan.stderr]).toEqual([
        0,
        expect.stringContaining(`${cache} is not used as a cache: better-sqlite3 is not installed`),
      ]);
      expect(plan.stderr).toMatch(/^1 images? looked into, 1 read/mu);
      expect(existsSync(cache)).toBe(false);
      const script = readFileSync(join(installed, 'dist/report/html/browser.js'), 'utf8');
      expect(readFileSync(html, 'utf8')).toContain(script.slice(0, 200));
    },
  );
});
