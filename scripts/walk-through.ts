/**
 * Takes a small cloud through a whole upgrade and writes what an operator types and sees to docs/walk-through.md.
 *   tsx scripts/walk-through.ts            writes the page
 *   tsx scripts/walk-through.ts --check    fails where the page is not what the program prints today
 * The program must be built. Its terminal is one of 110 columns and 50 lines, made by script(1).
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';

import { makeCloudFile } from './fixtures/cloud-file.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = path.join(PROJECT, 'docs/walk-through.md');
const CLI = path.join(PROJECT, 'dist/cli.js');
const CLOUD = { images: 2_000, seed: 2012 };
const URL_OF_CLOUD = 'sqlite:///glance.sqlite';
const READ = '--store-path store';
const DECIDE = `${READ} --answers answers.yaml`;

/** An answer that the operator adds to the file. */
const POLICY = `
answers:
  - id: raw-is-a-disk
    when: { disk_format: raw, container_format: [bare, null] }
    answer: disk/raw
    author: ada
    reason: users upload bootable disks only; asked on the mailing list
  - id: nobody-knows
    when: { disk_format: [null, raw], container_format: [ami, ovf, null] }
    answer: leave
    author: ada
    reason: uploads of a script that never set a format; their owners are asked
`;

/** What Glance does while the operator has lunch: one more image. */
const UPLOAD = `INSERT INTO images (id, name, status, disk_format, container_format, size, owner, visibility, min_disk, min_ram, protected, os_hidden, deleted, created_at, updated_at)
VALUES ('5f3c1d52-0b7e-4d0e-9d0c-6f3ad1e0c0de', 'debian-13', 'active', 'qcow2', 'bare', 420000000, 'ada', 'private', 0, 0, 0, 0, 0, '2026-11-30 10:00:00', '2026-11-30 10:00:00')`;

const folder = mkdtempSync(path.join(tmpdir(), 'walk-through-'));
try {
  await makeCloudFile(path.join(folder, 'glance.sqlite'), path.join(folder, 'store'), CLOUD);
  const page = walk();
  if (process.argv[2] === '--check') {
    const old = readFileSync(PAGE, 'utf8');
    if (old !== page) {
      writeFileSync(path.join(folder, 'new.md'), page);
      process.stdout.write(spawnSync('diff', ['-u', PAGE, path.join(folder, 'new.md')], { encoding: 'utf8' }).stdout);
      process.stdout.write('docs/walk-through.md is not current: npm run walk-through\n');
      process.exitCode = 1;
    }
  } else {
    writeFileSync(PAGE, page);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function walk(): string {
  const part = (...lines: readonly string[]): string => lines.join('\n');
  const plan = shown(`plan ${READ} --html plan.html --questions answers.yaml`);
  const sample = /- \{ id: "([0-9a-f-]{36})"/u.exec(readFileSync(path.join(folder, 'answers.yaml'), 'utf8'))?.[1];
  if (sample === undefined) throw new Error('no sample image in answers.yaml');
  const explain = shown(`explain ${sample} ${READ}`);
  appendFileSync(path.join(folder, 'answers.yaml'), POLICY);
  return (
    [
      part(
        '# A walk through an upgrade',
        '',
        `This page is made by \`scripts/walk-through.ts\`: every output is what the program printed. The cloud has ${CLOUD.images.toLocaleString('en')} images in a`,
        'SQLite file, so that you can repeat it anywhere; MariaDB, Galera and PostgreSQL differ in the address alone. The images lie in the',
        'folder `store`, as in the filesystem store of Glance.',
      ),
      part('```sh', `export GLANCE_RETYPE_DATABASE_URL=${URL_OF_CLOUD}`, '```'),
      part(
        '## 1. Plan',
        '',
        '`plan` reads every row and looks into the images whose row does not say what they are. It writes nothing to the database. Two files are',
        'asked for: a report for a browser, and the questions that only a person can answer.',
      ),
      plan,
      part(
        'The first line is the verdict. The second is the reason to read on: these images behave differently once Nova follows the new fields.',
        'Why is one image undecided? `explain` shows everything that was considered:',
      ),
      explain,
      part(
        '## 2. Answer',
        '',
        'The questions are in `answers.yaml`. `glance-retype questions answers.yaml` asks them one by one on a terminal. Here two policies are',
        'added at the end of the file instead, which answer for whole groups:',
      ),
      part('```yaml', POLICY.trim(), '```'),
      part('`plan` shows what each answer changes, before anything is written:'),
      shown(`plan ${DECIDE} --html plan.html`),
      part(
        '## 3. Expand',
        '',
        '`expand` adds three nullable columns to `images` and the tables of the tool. Glance does not notice. Without `--yes` it asks first.',
      ),
      shown('expand --yes'),
      part('## 4. Migrate', '', 'Stop it whenever you like, and start it again with the same command.'),
      shown(`migrate --yes ${DECIDE}`),
      part('## 5. Verify', '', '`verify` reads everything again, decides again, and compares with what is stored.'),
      shown(`verify ${DECIDE}`),
      part('Glance was running all the while. Somebody uploads one more image, and `verify` finds it (exit code 7):'),
      afterUpload(),
      part('`migrate` again takes it, and `verify` is content:'),
      shown(`migrate --yes ${DECIDE}`),
      shown(`verify ${DECIDE}`),
      part(
        '## 6. The gate',
        '',
        '`gate` is for the playbook: exit code 0 when nothing stands in the way of the cutover, and every reason by name when something does.',
        'Here images are left undecided on purpose, and one names a kernel that is gone. Both have been looked at, and two options let them pass.',
      ),
      shown(`gate ${DECIDE}`),
      shown(`gate ${DECIDE} --accept-left --fail-on-findings none`),
      part(
        '## 7. Back',
        '',
        'Until the cutover, `rollback` restores every row and removes the columns and tables. After the cutover, `contract` drops the journal and keeps the',
        'results.',
      ),
      shown('rollback --yes'),
      shown('status'),
    ].join('\n\n') + '\n'
  );
}

function afterUpload(): string {
  const file = new Sqlite(path.join(folder, 'glance.sqlite'));
  file.exec(UPLOAD);
  file.close();
  return shown(`verify ${DECIDE}`);
}

/** A command and what it printed on its terminal, as a block of the page. */
function shown(command: string): string {
  const line = `stty rows 50 cols 110; node ${CLI} ${command} --probe-cache off 2>errors`;
  const typed = command.includes('--store-path') ? line : line.replace(' --probe-cache off', '');
  const { status, stdout } = spawnSync('script', ['-qec', typed, '/dev/null'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, GLANCE_RETYPE_DATABASE_URL: URL_OF_CLOUD, NO_COLOR: '1', TZ: 'UTC' },
  });
  if (status === 1 || status === 2) throw new Error(`${command}: ${readFileSync(path.join(folder, 'errors'), 'utf8')}`);
  const text = firstLines(stdout.replaceAll('\r', '').replaceAll(' --probe-cache off', '').trimEnd());
  const exit = status === 0 ? '' : `\n$ echo $?\n${String(status)}`;
  return `\`\`\`console\n$ glance-retype ${command}\n${steady(text)}${exit}\n\`\`\``;
}

/** What a reader of the page needs: explain alone prints more. */
function firstLines(text: string): string {
  const lines = text.split('\n');
  return lines.length <= 55 ? text : [...lines.slice(0, 50), `… and ${lines.length - 50} more lines`].join('\n');
}

/** Without what is different at every run: points in time and durations. */
function steady(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/gu, '2026-11-30T12:00:00Z')
    .replaceAll(/\d+\.\d s(?= (?:reading|deciding|in transactions|waiting))/gu, '0.1 s');
}
