import { expect, it } from 'vitest';

import { openContent } from '../../../src/commands/session/content.ts';

it('content that was not asked for is not read, and its notes are passed on', async () => {
  const said: unknown[] = [];
  const around = { onEvent: (event: unknown) => said.push(event) } as unknown as Parameters<typeof openContent>[1];
  using content = await openContent({ mode: 'off', notes: ['no store here'] }, around);
  content.tell();
  expect(content.lookInside).toBeUndefined();
  expect(said).toEqual([{ kind: 'note', text: 'no store here' }]);
});
