import { expect, it } from 'vitest';

import { quickProbe } from '../../../src/commands/probe/quick-probe.ts';

it.each([
  [[]],
  [['plan']],
  [['probe']],
  [['probe', '--help', 'a']],
  [['probe', '--jobs']],
  [['probe', 'a', '--json', '--json']],
  [['probe', 'a', '--jobs', '1', '--jobs', '2']],
  [['--json', 'probe', 'a']],
])('%j is left to the parser', async (argv) => {
  expect(await quickProbe(argv)).toBeNull();
});

it('a wrong number is refused without the parser too', async () => {
  await expect(quickProbe(['probe', 'a', '--jobs', '0'])).rejects.toThrow(/^USAGE[^]*--jobs/);
});
