import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { parseDatabaseUrl } from '../../src/db/connection/url.ts';
import { openDatabase } from '../../src/db/engines/open.ts';
import { runLine } from '../support/program/command.ts';
import { runCli } from '../support/program/run-cli.ts';
import { withFreshDatabase } from '../support/servers/engines.ts';

/** Where the answer is read: on standard output with exit code 0, or on standard error. */
type Stream = 'stdout' | 'stderr';

/**
 * A line as it is typed after the name of the program, its exit code, the stream of its answer, and what that must say.
 */
type Line = readonly [typed: string, code: number, stream: Stream, words: RegExp];

/** No advice for a harmless word may lead to a command that writes. */
const WRITES = /\b(?:expand|migrate|rollback|contract|--yes)\b/u;

const HELP: readonly Line[] = [
  ['', 0, 'stdout', /Commands:\n.*glance-retype plan/u],
  ['help', 0, 'stdout', /Commands:/u],
  ['-h', 0, 'stdout', /Commands:/u],
  ['--help', 0, 'stdout', /Commands:/u],
  ['-help', 0, 'stdout', /Commands:/u],
  ['-?', 0, 'stdout', /Commands:/u],
  ['/?', 0, 'stdout', /Commands:/u],
  ['help help', 0, 'stdout', /Commands:/u],
  ['help version', 0, 'stdout', /Commands:/u],
  ['help plan', 0, 'stdout', /^glance-retype plan[^]*--html[^]*Examples:/u],
  ['help rollback', 0, 'stdout', /--dry-run/u],
  ['plan --help', 0, 'stdout', /^glance-retype plan/u],
  ['plan -h', 0, 'stdout', /^glance-retype plan/u],
  ['plan help', 0, 'stdout', /^glance-retype plan/u],
  ['--help plan', 0, 'stdout', /^glance-retype plan/u],
  ['-h migrate', 0, 'stdout', /^glance-retype migrate/u],
  ['help --all', 0, 'stdout', /Commands:/u],
  ['migrate --yes --help', 0, 'stdout', /Before it writes:[^]*--dry-run/u],
  ['migrate --nonsense --help', 0, 'stdout', /^glance-retype migrate/u],
  ['rollback --help', 0, 'stdout', /What to undo:/u],
  ['gate --help', 0, 'stdout', /glance-retype gate/u],
  ['probe --help', 0, 'stdout', /glance-retype probe <source\.\.>/u],
  ['probe help', 0, 'stdout', /glance-retype probe/u],
  ['rules help', 0, 'stdout', /glance-retype rules/u],
  ['version', 0, 'stdout', /^\d+\.\d+\.\d+\n$/u],
  ['--version', 0, 'stdout', /^\d+\.\d+\.\d+\n$/u],
  ['-V', 0, 'stdout', /^\d+\.\d+\.\d+\n$/u],
  ['-v', 0, 'stdout', /^\d+\.\d+\.\d+\n$/u],
  ['-version', 0, 'stdout', /^\d+\.\d+\.\d+\n$/u],
  ['plan --version', 0, 'stdout', /^\d+\.\d+\.\d+\n$/u],
  ['completion bash', 0, 'stdout', /^complete .*glance-retype$/mu],
  ['completion zsh', 0, 'stdout', /^#compdef glance-retype/u],
  ['rules show', 0, 'stdout', /tuples/u],
];

const HARMLESS: readonly Line[] = [
  ['check', 2, 'stderr', /found +check\n.*`glance-retype plan`/u],
  ['db sync', 2, 'stderr', /found +db sync\n.*glance-manage.*`glance-retype plan`/u],
  ['db_sync', 2, 'stderr', /glance-manage.*`glance-retype plan`/u],
  ['db version', 2, 'stderr', /found +db version\n.*glance-manage.*`glance-retype status`/u],
  ['db', 2, 'stderr', /glance-manage/u],
  ['db_load_metadefs', 2, 'stderr', /glance-manage.*nothing like it/u],
  ['load_metadefs', 2, 'stderr', /glance-manage/u],
  ['upgrade', 2, 'stderr', /`glance-retype plan`/u],
  ['update', 2, 'stderr', /`glance-retype plan`/u],
  ['sync', 2, 'stderr', /`glance-retype plan`/u],
  ['convert', 2, 'stderr', /`glance-retype plan`/u],
  ['run', 2, 'stderr', /`glance-retype plan`/u],
  ['start', 2, 'stderr', /`glance-retype plan`/u],
  ['test', 2, 'stderr', /`glance-retype plan`/u],
  ['report', 2, 'stderr', /`glance-retype plan`/u],
  ['dry-run', 2, 'stderr', /`glance-retype plan`/u],
  ['preview', 2, 'stderr', /`glance-retype plan`/u],
  ['list', 2, 'stderr', /`glance-retype plan`.*--csv/u],
  ['ls', 2, 'stderr', /`glance-retype plan`/u],
  ['info', 2, 'stderr', /`glance-retype status`/u],
  ['progress', 2, 'stderr', /`glance-retype status`/u],
  ['resume', 2, 'stderr', /`glance-retype status`/u],
  ['stop', 2, 'stderr', /Ctrl-C or SIGTERM/u],
  ['doctor', 2, 'stderr', /`glance-retype plan`/u],
  ['validate', 2, 'stderr', /`glance-retype verify`/u],
  ['show', 2, 'stderr', /`glance-retype explain IMAGE_ID`/u],
  ['identify disk.img', 2, 'stderr', /`glance-retype probe FILE`/u],
  ['cleanup', 2, 'stderr', /`glance-retype status`/u],
  ['Plan', 2, 'stderr', /did you mean plan\?/u],
  ['PLAN', 2, 'stderr', /did you mean plan\?/u],
  ['plna', 2, 'stderr', /did you mean plan\?/u],
  ['plans', 2, 'stderr', /did you mean plan\?/u],
  ['stauts', 2, 'stderr', /did you mean status\?/u],
  ['stat', 2, 'stderr', /did you mean status\?/u],
  ['exp', 2, 'stderr', /did you mean explain\?/u],
  ['verison', 2, 'stderr', /did you mean version\?/u],
  ['chekc', 2, 'stderr', /`glance-retype plan`/u],
  ['nonsense', 2, 'stderr', /found +nonsense\n.*glance-retype help lists/u],
  ['help nonsense', 2, 'stderr', /found +nonsense/u],
  ['nonsense --help', 2, 'stderr', /found +nonsense/u],
  ['--plan', 2, 'stderr', /write plan without dashes/u],
  ['-plan', 2, 'stderr', /write plan without dashes/u],
  ['--verbose', 2, 'stderr', /name a command/u],
  ['plan plan', 2, 'stderr', /found +plan\n.*one command at a time/u],
  ['plan status', 2, 'stderr', /one command at a time/u],
  ['plan --yes', 2, 'stderr', /leave it out: plan writes nothing to the database/u],
  ['plan --dry-run', 2, 'stderr', /leave it out: plan writes nothing/u],
  ['plan --databse-url x', 2, 'stderr', /found +--databse-url\n.*did you mean --database-url\?/u],
  ['plan --url mysql://u:secret@h/d', 2, 'stderr', /found +--url\n.*did you mean --database-url\?/u],
  ['plan mysql://u:secret@h/d', 2, 'stderr', /did you mean --database-url mysql:\/\/u:\*\*\*@h\/d\?/u],
  ['plan /etc/glance/glance-api.conf', 2, 'stderr', /did you mean --glance-conf/u],
  ['plan --html', 2, 'stderr', /at +--html\n.*expected a value[^\n]*\n.*nothing behind it/u],
  ['plan --html=', 2, 'stderr', /found +an empty value/u],
  ['plan --html --full', 2, 'stderr', /found +the next option, --full/u],
  ['plan --htlm x.html', 2, 'stderr', /did you mean --html/u],
  ['plan --format json', 2, 'stderr', /found +--format\n.*did you mean --json\?/u],
  ['plan -o x', 2, 'stderr', /did you mean --json\?/u],
  ['plan -x', 2, 'stderr', /found +-x\n/u],
  ['plan -full', 2, 'stderr', /did you mean --full\?/u],
  ['plan –full', 2, 'stderr', /another dash[^]*type --full/u],
  ['plan —html x', 2, 'stderr', /another dash[^]*type --html/u],
  ['plan --json a --json b', 2, 'stderr', /--json given 2 times/u],
  ['plan --probe al', 2, 'stderr', /one of all, undecided, off/u],
  ['plan --probe=undecidd', 2, 'stderr', /did you mean undecided\?/u],
  ['plan -- --html', 2, 'stderr', /found +--html/u],
  ['plan --no-html', 2, 'stderr', /found +--no-html/u],
  ['probe', 2, 'stderr', /nothing after probe\n.*glance-retype probe image\.qcow2/u],
  ['probe --openstack 2025 x', 2, 'stderr', /at +--openstack\n[^]*found +2025\n.*2025\.1 or 2025\.2/u],
  ['probe --openstack latest x', 2, 'stderr', /found +latest\n.*newest release of the table is \d{4}\.\d/u],
  ['probe --openstack Expoxy x', 2, 'stderr', /found +Expoxy\n.*2025\.1/u],
  ['plan --openstack zed', 2, 'stderr', /found +zed\n/u],
  ['plan --openstack 2025.2..2024.1', 2, 'stderr', /today, then a later one[^]*write 2024\.1\.\.2025\.2/u],
  ['gate --openstack 2025.2..2025.2', 2, 'stderr', /write 2025\.2 alone/u],
  ['gate --openstack 2024.1-2025.2', 2, 'stderr', /found +2024\.1-2025\.2\n/u],
  ['gate --openstack', 2, 'stderr', /nothing behind it/u],
  ['gate --openstck 2025.2', 2, 'stderr', /did you mean --openstack\?/u],
  ['gate --openstack 2025.2 --must-accept novaa', 2, 'stderr', /did you mean --must-accept nova\?/u],
  ['gate --must-accept nova', 2, 'stderr', /expected --openstack RELEASE with it/u],
  ['gate --openstack 2025.2 --nova-backend ceph', 2, 'stderr', /at +--nova-backend\n.*rbd-clone/u],
  ['probe --disk-format raw x', 2, 'stderr', /--openstack RELEASE with it[^]*--openstack \d{4}\.\d/u],
  ['diff', 2, 'stderr', /expected BEFORE \[AFTER\]/u],
  ['diff a b c', 2, 'stderr', /found +c\n/u],
  ['rules', 2, 'stderr', /nothing after rules/u],
  ['rules list', 2, 'stderr', /one of check, show/u],
  ['completion fish', 2, 'stderr', /one of bash, zsh/u],
  ['questions', 2, 'stderr', /nothing after questions/u],
  ['questions /nonexistent/answers.yaml', 2, 'stderr', /no such file/u],
];

/** Words that can mean nothing but a command that writes: it is named, with --dry-run. */
const WRITING: readonly Line[] = [
  ['migrat', 2, 'stderr', /did you mean migrate\? `glance-retype migrate --dry-run`/u],
  ['mgirate', 2, 'stderr', /did you mean migrate\? `glance-retype migrate --dry-run`/u],
  ['Migrate', 2, 'stderr', /did you mean migrate\? `glance-retype migrate --dry-run`/u],
  ['expnad', 2, 'stderr', /did you mean expand\? `glance-retype expand --dry-run`/u],
  ['rolback', 2, 'stderr', /did you mean rollback\? `glance-retype rollback --dry-run`/u],
  ['undo', 2, 'stderr', /`glance-retype rollback --dry-run`/u],
  ['revert', 2, 'stderr', /`glance-retype rollback --dry-run`/u],
  ['migrate --dryrun', 2, 'stderr', /did you mean --dry-run\?/u],
  ['migrate --dry_run', 2, 'stderr', /did you mean --dry-run\?/u],
  ['migrate -n', 2, 'stderr', /did you mean --dry-run\?/u],
  ['migrate --simulate', 2, 'stderr', /did you mean --dry-run\?/u],
  ['migrate -y', 2, 'stderr', /did you mean --yes\?/u],
  ['migrate -yes', 2, 'stderr', /did you mean --yes\?/u],
  ['migrate –yes', 2, 'stderr', /another dash[^]*type --yes/u],
  ['migrate --batchsize 5', 2, 'stderr', /did you mean --batch-size\?/u],
  ['migrate --batch-sise 5', 2, 'stderr', /did you mean --batch-size\?/u],
  ['migrate --batch-size', 2, 'stderr', /nothing behind it/u],
  ['migrate --yes --yes', 2, 'stderr', /--yes given 2 times/u],
  ['migrate now', 2, 'stderr', /found +now\n/u],
  ['status --yes', 2, 'stderr', /leave it out: status writes nothing/u],
  ['probe --batch-size 3 x', 2, 'stderr', /--batch-size belongs to .*migrate/u],
  ['status --batch-size 5', 2, 'stderr', /--batch-size belongs to .*migrate/u],
];

/** Lines that reach the database; without a terminal nothing is written unless --yes is given. */
const READING: readonly Line[] = [
  ['plan', 0, 'stdout', /images/u],
  ['plan --fail-on undecided', 4, 'stdout', /images/u],
  ['status', 0, 'stdout', /not expanded/u],
  ['status -v', 0, 'stdout', /not expanded/u],
  ['status --json', 0, 'stdout', /^\{\n? *"format_version": ?1/u],
  ['--json status', 0, 'stdout', /"format_version"/u],
  ['status --json=-', 0, 'stdout', /"format_version"/u],
  ['plan --quiet --no-color', 0, 'stdout', /images/u],
  ['migrate --dry-run', 0, 'stdout', /nothing was written/u],
  ['migrate --dry-run --yes', 0, 'stdout', /nothing was written/u],
  ['--yes --dry-run migrate', 0, 'stdout', /nothing was written/u],
  ['expand --dry-run', 0, 'stdout', /nothing was written/u],
  ['expand', 2, 'stderr', /CONFIRMATION_NEEDED/u],
  ['expand --yes=false', 2, 'stderr', /CONFIRMATION_NEEDED/u],
  ['expand --yes false', 2, 'stderr', /CONFIRMATION_NEEDED/u],
  ['migrate', 5, 'stderr', /NOT_EXPANDED/u],
  ['rollback --dry-run', 0, 'stdout', /Nothing is left to undo/u],
  ['contract --dry-run', 5, 'stderr', /NOT_EXPANDED/u],
  ['verify', 5, 'stderr', /NOT_EXPANDED/u],
];

describe('what newcomers type', () => {
  let database = '';
  let before = Buffer.alloc(0);
  beforeAll(async () => {
    const { url } = await withFreshDatabase('sqlite');
    database = url;
    const opened = await openDatabase(parseDatabaseUrl(url, 'test'), 'read-write');
    await createEra(opened, eraNamed('newest'));
    await opened.close();
    before = readFileSync(fileOf(url));
    vi.stubEnv('GLANCE_RETYPE_DATABASE_URL', url);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    // Nothing that was typed here has written anything.
    expect(readFileSync(fileOf(database)).equals(before)).toBe(true);
  });

  it.each([...HELP, ...HARMLESS, ...WRITING, ...READING])('glance-retype %s', async (typed, code, stream, words) => {
    const result = await answerOf(typed);
    expect([result.code, result[stream]]).toEqual([code, expect.stringMatching(words)]);
    expect(result.stdout + result.stderr).not.toContain('secret');
    if (code === 2) expect(result.stdout).toBe('');
  });

  it.each(HARMLESS)('glance-retype %s leads to no command that writes', async (typed) => {
    expect((await answerOf(typed)).stderr.replace(/^ {2}(?:found|expected) .*$/gmu, '')).not.toMatch(WRITES);
  });

  it('are at least fifty-five lines', () => {
    expect(new Set([...HELP, ...HARMLESS, ...WRITING, ...READING].map(([typed]) => typed)).size).toBeGreaterThan(55);
  });

  it('and the program itself answers in the same way', async () => {
    for (const [typed, code, stream, words] of [HELP[0], HELP[24], HARMLESS[0], HARMLESS[1]] as readonly Line[]) {
      const result = await runCli(typed === '' ? [] : typed.split(' '));
      expect([result.code, result[stream]]).toEqual([code, expect.stringMatching(words)]);
      expect(result[stream === 'stdout' ? 'stderr' : 'stdout']).toBe('');
    }
  });
});

function fileOf(url: string): string {
  return url.replace('sqlite:///', '');
}

async function answerOf(typed: string) {
  const { code, stdout, stderr, error } = await runLine(typed === '' ? [] : typed.split(' '));
  return { code, stdout, stderr: stderr + (error ?? '') };
}
