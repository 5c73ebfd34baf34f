import { expect, it } from 'vitest';

import { confirm } from '../../../src/commands/session/confirm.ts';

it('without a terminal nothing is confirmed but by --yes', async () => {
  expect(process.stdin.isTTY ?? false).toBe(false);
  await expect(confirm(['This will do it.'], 'ask')).rejects.toThrow(/^CONFIRMATION_NEEDED[^]*no terminal to ask on/);
  await expect(confirm(['This will do it.'], 'yes')).resolves.toBeUndefined();
});
