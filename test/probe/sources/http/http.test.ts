import { setTimeout as wait } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { serve, connect, opened, refused } from '../../../support/images/http-endpoint.ts';

describe('an endpoint that is closed', () => {
  it('breaks off reads and waits under way, and begins nothing anew', async () => {
    const busy = await serve((_seen, response) => void response.writeHead(429, { 'retry-after': '25' }).end());
    const silent = await serve(() => undefined);
    const endpoint = connect();
    const waiting = refused(opened(`${busy.origin}/busy`, endpoint).read(0, 8));
    const reading = refused(opened(silent.origin, endpoint).read(0, 8));
    while (busy.seen.length + silent.seen.length < 2) await wait(10);
    await wait(50);
    endpoint.close();
    expect((await waiting).message).toBe(`${busy.origin}/busy: reading was broken off`);
    expect((await reading).message).toContain('reading was broken off');
    expect((await refused(opened(busy.origin, endpoint).read(0, 8))).message).toContain('reading was broken off');
    expect([busy.seen.length, silent.seen.length]).toEqual([1, 1]);
  });
});

describe('what is printed', () => {
  it('holds no user, password, query or fragment', async () => {
    const store = await serve((_seen, response) => void response.writeHead(403).end());
    const address = `${store.origin.replace('//', '//user:geheim@')}/path/x?X-Amz-Signature=geheim#geheim`;
    const source = opened(address);
    expect(source.label).toBe(`${store.origin}/path/x`);
    const failure = await refused(source.read(0, 8));
    expect(failure.cause).toBeUndefined();
    expect(`${failure.message}${failure.stack}`).not.toContain('geheim');
    expect(store.seen[0]?.path).toBe('/path/x?X-Amz-Signature=geheim');
  });
});
