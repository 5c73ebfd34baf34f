import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { storeFixture } from '../run/support/image-store.ts';
import { ENGINES } from '../support/servers/engines.ts';
import { runCommand } from '../support/program/command.ts';
import { glance } from './support/schema-change.ts';

it('plan writes its outputs and the questions, and says what to do next', async () => {
  const { url } = await glance('sqlite');
  const folder = mkdtempSync(join(tmpdir(), 'glance-retype-plan-'));
  const file = (name: string): string => join(folder, name);
  const asked = ['--questions', file('q.yaml'), '--json', file('p.json'), '--fail-on', 'undecided'];
  const { code, text } = await runCommand(url, 'plan', ...asked);
  expect([code, text.includes(`glance-retype questions ${file('q.yaml')}`)]).toEqual([4, true]);
  expect(readFileSync(file('q.yaml'), 'utf8')).toMatch(/^questions:$/m);
  const { images } = JSON.parse(readFileSync(file('p.json'), 'utf8')) as { images: readonly unknown[] };
  expect(images.length).toBeGreaterThan(0);
  expect((await runCommand(url, 'plan')).code).toBe(0);
});

interface Owners {
  readonly listed: readonly { readonly owner: string | null; readonly undecided: number; readonly breaks: number }[];
  readonly unseen: number;
}

describe.each(ENGINES)('whom to ask, on %s', (engine) => {
  it('is the same where owners were looked up afterwards and where they were read with every row', async () => {
    const store = await storeFixture(engine);
    const { url } = store;
    const fields = { container: 'bare', size: 5_000_000 } as const;
    const undecided = [
      (await store.add(null, { ...fields, disk: 'raw' })).id,
      (await store.add(null, { ...fields, disk: 'raw' })).id,
    ];
    const breaking = (await store.add(null, { ...fields, disk: 'aki', container: 'aki' })).id;
    await store.add(null, { ...fields, disk: 'qcow2' });
    const owners = async (owner: string | null, ids: readonly string[]) => {
      for (const id of ids) await store.database.execute('UPDATE images SET owner = ? WHERE id = ?', [owner, id]);
    };
    await owners('ada', undecided);
    await owners(null, [breaking]);
    const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-plan-')), 'p.json');
    const counted = (await runCommand(url, 'plan')).text;
    const read = (await runCommand(url, 'plan', '--json', file)).text;
    const section = (text: string): string => /\nWhom to ask: [^]*?\n\n/.exec(text)?.[0] ?? '';
    expect(section(counted)).toMatch(/ 2 +ada +raw-bare-[0-9a-f]{8}\n +0 +1 +no owner\n/);
    expect(section(counted)).toBe(section(read));
    const { owners: found } = JSON.parse(readFileSync(file, 'utf8')) as { readonly owners: Owners };
    expect(found).toMatchObject({
      listed: [
        { owner: 'ada', undecided: 2, breaks: 0 },
        { owner: null, undecided: 0, breaks: 1 },
      ],
      unseen: 0,
    });
  });
});

it('plan takes no two names of a database', async () => {
  const { url } = await glance('sqlite');
  const { code, text } = await runCommand(url, 'plan', '--glance-conf', 'api.conf');
  expect([code, text]).toEqual([2, expect.stringMatching(/^USAGE[^]*database-url and glance-conf together/) as string]);
});
