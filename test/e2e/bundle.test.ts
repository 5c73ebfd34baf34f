import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { stagesOf } from '../../scripts/dockerfile/stages.ts';
import { mbrDisk } from '../../scripts/fixtures/payloads/disks.ts';
import { storeFixture } from '../run/support/image-store.ts';
import { PROJECT } from '../support/program/checkout.ts';
import { type CliResult, runCli } from '../support/program/run-cli.ts';
import { ENGINES } from '../support/servers/engines.ts';

/** The file, alone in its folder and without an ending, as an operator puts it into /usr/local/bin. */
let program = '';

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'glance-retype-bundle-'));
  const file = join(folder, 'made', 'glance-retype.cjs');
  execFileSync(join(PROJECT, 'node_modules/.bin/tsx'), ['scripts/bundle.ts', file], { cwd: PROJECT });
  program = join(folder, 'glance-retype');
  copyFileSync(file, program);
});

async function run(...argv: readonly string[]): Promise<CliResult> {
  return runCli(argv, { program });
}

describe('the program in one file', () => {
  it('starts by itself, from any folder', () => {
    const { version } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { readonly version: string };
    expect(execFileSync(program, ['--version'], { cwd: '/', encoding: 'utf8' })).toBe(`${version}\n`);
  });

  it.each(['--help', 'plan --help', 'rules show', 'completion', 'pln', 'plan --html-images x'])(
    'says what the installed program says: %s',
    async (line) => {
      const words = line.split(' ');
      const [one, installed] = [await run(...words), await runCli(words)];
      const named = (text: string): string =>
        text.replaceAll(program, 'PROGRAM').replaceAll(/\S*dist\/cli\.js/gu, 'PROGRAM');
      expect([one.code, named(one.stdout), named(one.stderr)]).toEqual([
        installed.code,
        named(installed.stdout),
        named(installed.stderr),
      ]);
    },
  );

  it('probes a file', async () => {
    const image = join(mkdtempSync(join(tmpdir(), 'glance-retype-e2e-')), 'image');
    writeFileSync(image, mbrDisk(1));
    const { code, stdout } = await run('probe', image);
    expect([code, JSON.parse(stdout)]).toEqual([0, JSON.parse((await runCli(['probe', image])).stdout)]);
  });

  it.each(ENGINES)('plans on %s as the installed program does, and writes the same report', async (engine) => {
    const store = await storeFixture(engine);
    await store.add(mbrDisk(1));
    await store.add(null, { disk: 'aki', container: 'aki' });
    await store.add(null, { disk: 'qcow2', container: 'ova' });
    const planned = async (path?: string) => {
      const folder = mkdtempSync(join(tmpdir(), 'glance-retype-e2e-'));
      const [json, html] = [join(folder, 'plan.json'), join(folder, 'plan.html')];
      const { code, stderr, stdout } = await runCli(
        ['plan', '--database-url', store.url, '--json', json, '--html', html],
        {
          ...(path === undefined ? {} : { program: path }),
          // better-sqlite3 is found there and nowhere else.
          env: { NODE_PATH: join(PROJECT, 'node_modules') },
        },
      );
      const { images } = JSON.parse(readFileSync(json, 'utf8')) as { readonly images: readonly unknown[] };
      const script = /<script[^>]*>(?:(?!<\/script>).)*$/msu.exec(readFileSync(html, 'utf8'))?.[0].slice(0, 10_000);
      return { code, stderr, images, script, stdout: stdout.replaceAll(folder, 'FOLDER') };
    };
    const one = await planned(program);
    expect([one.code, one.images.length, one.script?.length]).toEqual([0, 3, 10_000]);
    expect(one).toEqual(await planned());
  });

  it.each(['one file', 'installed'])(
    'tells an old Node.js that it is too old, before it needs anything new: %s',
    async (form) => {
      const old = `Object.defineProperty(process.versions, 'node', { value: '18.20.4' }); delete Intl.Segmenter;`;
      const { code, stdout, stderr } = await runCli(['--version'], {
        preload: `data:text/javascript,${encodeURIComponent(old)}`,
        ...(form === 'installed' ? {} : { program }),
      });
      expect([code, stdout, stderr]).toEqual([
        2,
        '',
        expect.stringMatching(/^NODE_TOO_OLD: .*\n {2}at .*\n.*20\.19 or later\n/u),
      ]);
    },
  );

  it('says that SQLite is missing where better-sqlite3 is neither beside it nor in NODE_PATH', async () => {
    const database = join(mkdtempSync(join(tmpdir(), 'glance-retype-e2e-')), 'glance.db');
    writeFileSync(database, '');
    const { code, stderr } = await run('plan', '--database-url', `sqlite:///${database}`);
    expect([code, stderr.split(':')[0]]).toEqual([2, 'SQLITE_UNAVAILABLE']);
    // The words of the document work.
    const [, command] = /do {7}(npm install --prefix )DIRECTORY /u.exec(stderr) ?? [];
    const [, library] = / (better-sqlite3@[\d.]+) and /u.exec(stderr) ?? [];
    expect(readFileSync(join(PROJECT, 'docs/installation.md'), 'utf8')).toContain(
      `${command}"$HOME/sqlite" ${library}`,
    );
  });

  it('finds better-sqlite3 beside it, as the Dockerfile puts it there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'glance-retype-image-'));
    mkdirSync(join(folder, 'dist-bundle'));
    copyFileSync(program, join(folder, 'dist-bundle/glance-retype.cjs'));
    symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
    const [build] = stagesOf(readFileSync(join(PROJECT, 'Dockerfile'), 'utf8'));
    const copying = build?.instructions.find(({ words }) => words.startsWith('cp '))?.words ?? 'false';
    execFileSync('sh', ['-c', copying], { cwd: folder });
    const alone = mkdtempSync(join(tmpdir(), 'glance-retype-opt-'));
    execFileSync('cp', ['-r', join(folder, 'dist-bundle'), alone]);
    const store = await storeFixture('sqlite');
    const plan = await runCli(['plan', '--database-url', store.url], {
      program: join(alone, 'dist-bundle/glance-retype.cjs'),
    });
    expect([plan.code, plan.stderr]).toEqual([0, '']);
  });

  it('carries the licence of each library inside it, and its own', () => {
    const text = readFileSync(program, 'utf8');
    const end = text.slice(text.lastIndexOf('/*\nLicences of what this file holds'));
    expect(end).toContain('Apache License');
    const read = (path: string): unknown => JSON.parse(readFileSync(join(PROJECT, path), 'utf8'));
    const { dependencies } = read('package.json') as { readonly dependencies: Readonly<Record<string, string>> };
    for (const [name, version] of Object.entries(dependencies)) expect(end).toContain(`\n${name} ${version} (`);
    // Of other packages: one of mysql2, and one whose licence stands in its README.
    expect(end).toMatch(/^iconv-lite [\d.]+ \(MIT\)$/mu);
    expect(end).toMatch(/^pg-types [\d.]+ \(MIT\)\n\n[^-]*Permission is hereby granted/mu);
    expect(end).not.toContain('better-sqlite3');
  });
});
