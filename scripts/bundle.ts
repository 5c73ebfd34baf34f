/**
 * Makes the whole program one file that needs only Node.js.
 *   npm run bundle             makes dist-bundle/glance-retype.cjs
 *   npm run bundle -- FILE     makes FILE
 *
 * The file carries the texts that the program reads of its own, and the licences of the libraries inside it.
 * better-sqlite3 is native code and stays outside; `src/sqlite/driver.ts` finds it beside the file or in NODE_PATH.
 */
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';

import { SHIPPED_FILES, shippedFile } from '../src/model/shipped-file.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUTPUT = process.argv[2] ?? join(ROOT, 'dist-bundle/glance-retype.cjs');

/** What knex and pg would load for databases and features that the program does not use, and better-sqlite3. */
const OUTSIDE = ['better-sqlite3', 'sqlite3', 'tedious', 'mysql', 'mariadb/callback', 'oracledb', 'pg-native'];

/** Puts the texts of the program's own files in the place of the module that reads them. */
const carryFiles: Plugin = {
  name: 'carry-files',
  setup: (host) => {
    host.onLoad({ filter: /\/src\/model\/shipped-file\.ts$/ }, () => ({
      contents: `const files = ${JSON.stringify(Object.fromEntries(SHIPPED_FILES.map((name) => [name, carried(name)])))};
export const shippedFile = (name) => files[name];`,
    }));
  },
};

/** package.json tells the program its version, the Node.js that it needs, and the better-sqlite3 that fits. */
function carried(name: (typeof SHIPPED_FILES)[number]): string {
  if (name !== 'package.json') return shippedFile(name);
  const { version, engines, optionalDependencies } = JSON.parse(shippedFile(name)) as Readonly<Record<string, unknown>>;
  return JSON.stringify({ version, engines, optionalDependencies });
}

/** Names of the packages under node_modules that a bundle holds something of, sorted. */
function packagesIn({ inputs }: Metafile): readonly string[] {
  const names = Object.keys(inputs).flatMap((path) => {
    const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
    return name === undefined ? [] : [name];
  });
  return Array.from(new Set(names)).toSorted();
}

/** @throws Error where a package says its licence nowhere. */
function licenceOf(name: string): string {
  const folder = join(ROOT, 'node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly version: string;
    readonly license?: string;
  };
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  // Some packages have it at the end of their README.
  const text =
    file === undefined
      ? /^#+ *licen[cs]e\s*$(?<text>.*)/ims.exec(readFileSync(join(folder, 'README.md'), 'utf8'))?.groups?.['text']
      : readFileSync(join(folder, file), 'utf8');
  if (text === undefined) throw new Error(`${name} ${version} (${license ?? 'no licence named'}) has no licence text`);
  return `${name} ${version} (${license ?? 'see below'})\n\n${text.trim()}`;
}

/** Comments at the end of the file, so that Node reads past them last. */
function licences(metafile: Metafile): string {
  const texts = [
    `glance-retype\n\n${readFileSync(join(ROOT, 'LICENSE'), 'utf8').trim()}`,
    ...packagesIn(metafile).map(licenceOf),
  ];
  return `/*\nLicences of what this file holds\n\n${texts.join(`\n\n${'-'.repeat(80)}\n\n`).replaceAll('*/', '* /')}\n*/`;
}

const common: BuildOptions & { readonly metafile: true } = {
  absWorkingDir: ROOT,
  entryPoints: ['src/cli.ts'],
  outfile: OUTPUT,
  bundle: true,
  platform: 'node',
  // An extensionless copy of a CommonJS file runs under any name, and old versions of Node read it far enough to say
  // that they are too old.
  format: 'cjs',
  target: 'node12',
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'warning',
  external: OUTSIDE,
  define: { 'import.meta.url': 'programUrl' },
  banner: { js: "const programUrl = require('url').pathToFileURL(__filename).href;" },
  plugins: [carryFiles],
  metafile: true,
};

const { metafile } = await build({ ...common, write: false });
await build({ ...common, footer: { js: licences(metafile) } });
chmodSync(OUTPUT, 0o755);
