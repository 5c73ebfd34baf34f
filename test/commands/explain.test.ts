import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { isoImage } from '../../scripts/fixtures/payloads/volumes.ts';
import { storeFixture, type StoreFixture } from '../run/support/image-store.ts';
import { ENGINES, type EngineName } from '../support/servers/engines.ts';
import { runCli } from '../support/program/run-cli.ts';

const KERNEL = 'f0f0f0f0-0000-4000-8000-00000000000a';
const OWNER = 'aaaaaaaa-0000-4000-8000-000000000001';
const CD = 'bbbbbbbb-0000-4000-8000-000000000002';
const HOSTILE = '\u001b[2J\u001b]0;owned\u0007\u202e<script>alert(1)</script>\n=cmd|x';

interface Record_ {
  readonly decision: { readonly status: string; readonly rule: string; readonly question: string | null };
  readonly trace: { readonly sections: readonly { readonly section: string; readonly fired: string | null }[] };
  readonly content: { readonly image_type: string; readonly evidence: readonly object[] } | null;
  readonly image: { readonly name: string };
  readonly stored: {
    readonly state: string;
    readonly standing?: string;
    readonly current?: { readonly run: number; readonly batch_uuid: string; readonly image_type: string } | null;
  };
  readonly next: readonly string[];
}

async function cloud(engine: EngineName): Promise<StoreFixture> {
  const store = await storeFixture(engine);
  await store.add(null, { id: KERNEL, disk: 'aki', container: 'aki', size: 5_000_000 });
  await store.add(null, { id: OWNER, disk: 'ami', container: 'ami', size: 5_000_000 });
  await store.add(isoImage(7), { id: CD, disk: 'raw', container: 'bare' });
  const no = engine === 'postgres' ? 'false' : '0';
  for (const [name, value] of [
    ['kernel_id', `http://user:s3cr3t@glance/v1/images/${KERNEL}`],
    ['os_distro', HOSTILE],
  ] as const) {
    await store.database.execute(
      `INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, ?, ?, '2020-01-01 00:00:00', ${no})`,
      [OWNER, name, value],
    );
  }
  return store;
}

async function asJson(argv: readonly string[]): Promise<Record_> {
  const result = await runCli(['explain', ...argv, '--json', '-']);
  expect([result.code, result.stderr.replace(/^1 image looked into.*\n/u, '')]).toEqual([0, '']);
  expect(result.stdout).not.toContain('s3cr3t');
  return JSON.parse(result.stdout) as Record_;
}

describe.each(ENGINES)('explain on %s', (engine) => {
  it('tells one image from the row to its undo, before expand, after migrate and after rollback', async () => {
    const store = await cloud(engine);
    const at = ['--database-url', store.url];
    const before = await asJson([OWNER, ...at]);
    expect(before).toMatchObject({
      decision: { status: 'exact', rule: 'OWN-KERNEL' },
      stored: { state: 'not-expanded' },
      next: [],
    });
    expect(before.trace.sections.map(({ fired }) => fired)).toEqual([null, null, null, null, 'OWN-KERNEL', 'AMI']);
    expect((await asJson([KERNEL, ...at])).decision.rule).toBe('REF-KERNEL');

    for (const command of ['expand', 'migrate']) {
      expect((await runCli([command, ...at, '--yes'])).code).toBe(0);
    }
    const after = await asJson([OWNER, ...at]);
    expect(after.stored).toMatchObject({
      state: 'expanded',
      standing: 'same',
      current: { run: 1, image_type: 'filesystem', batch_uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown },
    });
    const text = await runCli(['explain', OWNER, '--full', ...at]);
    expect(text.code).toBe(0);
    expect(text.stdout).toContain(after.stored.current?.batch_uuid ?? 'no uuid');
    expect(text.stdout).toContain('the same decision would be made now');

    const [undo] = after.next;
    expect(undo).toMatch(new RegExp(`^glance-retype rollback --database-url \\S+ --image ${OWNER} `));
    expect((await runCli(['rollback', '--image', OWNER, ...at, '--yes'])).code).toBe(0);
    expect((await asJson([OWNER, ...at])).stored).toMatchObject({ standing: 'not-stored', current: null });
  });

  it('looks into the image where it is told to', async () => {
    const store = await cloud(engine);
    const at = ['--database-url', store.url];
    const blind = await asJson([CD, ...at]);
    expect(blind).toMatchObject({ decision: { status: 'ambiguous' }, content: null });
    expect(blind.decision.question).toMatch(/^raw-bare-[0-9a-f]{8}$/);
    expect(blind.next[0]).toContain('--probe all');
    const seen = await asJson([CD, ...at, '--store-path', store.directory, '--probe-cache', 'off']);
    expect(seen).toMatchObject({
      decision: { status: 'exact', rule: 'CONTENT-PROOF' },
      content: { image_type: 'iso9660' },
    });
    expect(seen.content?.evidence.length).toBeGreaterThan(0);
  });

  it('lets nothing from the database reach the terminal as it is', async () => {
    const store = await cloud(engine);
    const at = ['--database-url', store.url];
    await store.database.execute(
      'UPDATE images SET name = ?, owner = ?, disk_format = ?, container_format = ? WHERE id = ?',
      [HOSTILE, HOSTILE, '\u001b[31mami', '\u202eami\n', OWNER],
    );
    const text = await runCli(['explain', OWNER, '--full', ...at]);
    expect(text.code).toBe(0);
    expect(text.stdout.replaceAll('\n', '')).toMatch(/^[^\p{Cc}\p{Cf}]*$/u);
    expect(text.stdout).not.toContain('s3cr3t');
    expect((await asJson([OWNER, ...at])).image.name).toBe(HOSTILE);
  });

  it('refuses an id that no row has, with exit code 2', async () => {
    const store = await cloud(engine);
    for (const id of ['nope', OWNER.slice(0, 8), HOSTILE]) {
      const result = await runCli(['explain', id, '--database-url', store.url]);
      expect([result.code, result.stdout]).toEqual([2, '']);
      expect(result.stderr).toMatch(/^NO_SUCH_IMAGE: there is no such image\n/);
      expect(result.stderr.replaceAll('\n', '')).toMatch(/^[^\p{Cc}]*$/u);
    }
  });

  it('without an image says what is missing, and names undecided images of the database', async () => {
    const store = await cloud(engine);
    const none = await runCli(['explain', '--database-url', store.url, '--probe', 'off']);
    expect([none.code, none.stdout]).toEqual([2, '']);
    expect(none.stderr).toMatch(/^USAGE: .*\n {2}at {7}explain\n {2}expected an image id, as in images\.id/);
    expect(none.stderr).toContain(`glance-retype explain ${CD} --database-url ${store.url} --probe off\n`);
    expect(none.stderr).toContain(`found    no image; undecided ones of this database: ${CD}\n`);
    expect(none.stderr).toContain('openstack image list');
  });

  it('takes an id that begins with a dash behind --, and repeats it so', async () => {
    const store = await cloud(engine);
    await store.add(null, { id: '-x1', disk: 'raw', container: 'bare', size: 5_000_000 });
    const found = await runCli(['explain', '--database-url', store.url, '--', '-x1']);
    expect([found.code, found.stderr]).toEqual([0, '']);
    expect(found.stdout).toMatch(/^Image -x1\b/);
    expect(found.stdout).toContain(
      `glance-retype explain --database-url ${store.url} --probe all --store-path DIR -- -x1`,
    );
    const missing = await runCli(['explain', '--database-url', store.url, '--', '--full']);
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('at       the image "--full"')]);
  });

  it('takes a name that one live image alone has, and names the ids of those that share one', async () => {
    const store = await cloud(engine);
    const ids = [KERNEL, OWNER, CD];
    const name = async (text: string, id: string) =>
      store.database.execute('UPDATE images SET name = ? WHERE id = ?', [text, id]);
    await name('alone', KERNEL);
    for (const id of ids.slice(1)) await name('shared', id);
    const alone = await runCli(['explain', 'alone', '--database-url', store.url]);
    expect([alone.code, alone.stdout]).toEqual([0, expect.stringMatching(new RegExp(`^Image ${KERNEL} {2}"alone"\n`))]);
    const shared = await runCli(['explain', 'shared', '--database-url', store.url]);
    expect(shared.code).toBe(2);
    expect(shared.stderr).toContain(`found    a name that several images have: ${OWNER}, ${CD}\n`);
  });

  it('writes the same document into a file, and prints the text beside it', async () => {
    const store = await cloud(engine);
    const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-explain-')), 'x.json');
    const result = await runCli(['explain', CD, '--database-url', store.url, '--json', file]);
    expect(result.stdout).toContain(`Image ${CD}`);
    expect((JSON.parse(readFileSync(file, 'utf8')) as Record_).decision.rule).toBe('RAW');
  });
});
