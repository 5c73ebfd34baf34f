import { expect, it } from 'vitest';

import { runCommand } from '../support/program/command.ts';
import { glance } from './support/schema-change.ts';

it('verify ends with 7 and names the change while a row is not as it was decided', async () => {
  const { url, bench } = await glance('sqlite');
  expect((await runCommand(url, 'verify')).text).toMatch(/^NOT_EXPANDED/);
  for (const command of ['expand', 'migrate']) expect((await runCommand(url, command, '--yes')).code).toBe(0);
  expect(await runCommand(url, 'verify')).toMatchObject({
    code: 0,
    text: expect.stringContaining('no difference') as string,
  });
  await bench.writer.execute(
    "UPDATE images SET disk_format = 'vdi' WHERE id = (SELECT MIN(id) FROM images WHERE disk_format = 'qcow2' AND deleted = 0)",
  );
  expect(await runCommand(url, 'verify')).toMatchObject({
    code: 7,
    text: expect.stringMatching(/1 difference\n[^]*legacy-changed[^]*glance-retype migrate/) as string,
  });
  expect((await runCommand(url, 'migrate', '--yes')).code).toBe(0);
  expect((await runCommand(url, 'verify')).code).toBe(0);
});
