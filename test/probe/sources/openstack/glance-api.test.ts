import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RetypeError } from '../../../../src/model/error.ts';
import { SourceFailure } from '../../../../src/probe/reading/source.ts';
import { readCredentials } from '../../../../src/probe/sources/openstack/credentials.ts';
import { createGlanceApi, type GlanceApi, imageEndpoint } from '../../../../src/probe/sources/openstack/glance-api.ts';
import { createHttpEndpoint } from '../../../../src/probe/sources/http/http.ts';
import {
  type Answer,
  httpStore,
  type HttpStore,
  numberedBytes,
  refusingRanges,
  withRanges,
} from '../../../support/images/http-store.ts';

const bytes = numberedBytes(100_000);

const open: { readonly close: () => unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function serve(answer: Answer): Promise<HttpStore> {
  const store = await httpStore(answer);
  open.push(store);
  return store;
}

interface CloudOptions {
  readonly lifetimeMs?: number;
  /** Status of the nth login; 201 without. */
  readonly login?: (nth: number) => number;
  readonly endpoints?: (glance: string) => readonly object[];
  /** Answers instead of image data, once the token is right. */
  readonly data?: Answer;
}

interface Cloud {
  readonly keystone: HttpStore;
  readonly glance: HttpStore;
  /** Makes glance refuse all tokens given out so far. */
  readonly revoke: () => void;
}

/** Keystone and Glance as far as they are spoken to: tokens `token-0`, `token-1`, …, of which Glance takes the newest. */
async function cloud(options: CloudOptions = {}): Promise<Cloud> {
  let issued = 0;
  let oldest = 0;
  const glance = await serve((seen, response, nth) => {
    const token = /^token-(\d+)-geheim$/.exec(String(seen.headers['x-auth-token']))?.[1];
    if (token === undefined || Number(token) < oldest) response.writeHead(401).end('Authentication required');
    else return (options.data ?? withRanges(bytes))(seen, response, nth);
  });
  const endpoints = options.endpoints?.(glance.origin) ?? [
    { interface: 'public', region_id: 'RegionOne', url: `${glance.origin}/image` },
  ];
  const catalog = [
    { type: 'identity', endpoints: [{ interface: 'public', region_id: 'RegionOne', url: 'http://unused' }] },
    { type: 'image', endpoints },
  ];
  const keystone = await serve((seen, response, nth) => {
    if (seen.path === '/identity/v3/auth/catalog') {
      response.writeHead(200).end(JSON.stringify({ catalog }));
      return;
    }
    const status = options.login?.(nth) ?? 201;
    if (status !== 201) {
      response
        .writeHead(status, { location: '/', 'x-subject-token': 'token-0-geheim' })
        .end(`{"error": "${seen.body}"}`);
      return;
    }
    const now = Date.now() + 86_400_000 * 365;
    const token = {
      issued_at: new Date(now).toISOString(),
      expires_at: new Date(now + (options.lifetimeMs ?? 3_600_000)).toISOString(),
      catalog,
    };
    response.writeHead(201, { 'x-subject-token': `token-${issued}-geheim` }).end(JSON.stringify({ token }));
    issued += 1;
  });
  return { keystone, glance, revoke: () => (oldest = issued) };
}

function login(keystone: HttpStore, more: Record<string, string> = {}): Record<string, string> {
  return {
    OS_AUTH_URL: `${keystone.origin}/identity/v3`,
    OS_USERNAME: 'admin',
    OS_PASSWORD: 'password-geheim',
    OS_PROJECT_NAME: 'admin',
    OS_USER_DOMAIN_ID: 'default',
    OS_PROJECT_DOMAIN_ID: 'default',
    ...more,
  };
}

async function connect(env: Record<string, string> | null, imageApi: string | null = null): Promise<GlanceApi> {
  const credentials =
    env === null ? null : readCredentials(env, { directory: '/nowhere', home: '/nowhere', system: [] });
  const endpoint = createHttpEndpoint({ retry: { shortestWaitMs: 1, longestWaitMs: 3 } });
  open.push(endpoint);
  return createGlanceApi({ endpoint, credentials, imageApi });
}

async function refused(work: Promise<unknown>): Promise<Error> {
  const failure = await work.then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(Error);
  expect((failure as Error).cause).toBeUndefined();
  expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain('geheim');
  return failure as Error;
}

const tokens = (store: HttpStore) => store.seen.map((seen) => seen.headers['x-auth-token']);

describe('an image through the Glance API', () => {
  it('is read with a token, at the address in the catalogue', async () => {
    const { keystone, glance } = await cloud();
    const api = await connect(login(keystone));
    expect(api.label).toBe(`${glance.origin}/image/v2`);
    const source = api.openImage('a1b2');
    expect(source.label).toBe(`${glance.origin}/image/v2/images/a1b2/file`);
    expect(Buffer.compare(await source.read(0, 512), bytes.subarray(0, 512))).toBe(0);
    await source.read(1024, 512);
    expect(source.size()).toBe(100_000);
    expect(glance.seen.map((seen) => seen.path)).toEqual(Array(2).fill('/image/v2/images/a1b2/file'));
    expect(tokens(glance)).toEqual(['token-0-geheim', 'token-0-geheim']);
    expect(keystone.seen).toHaveLength(1);
    expect(JSON.parse(keystone.seen[0]?.body ?? '')).toEqual({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'admin', domain: { id: 'default' }, password: 'password-geheim' } },
        },
        scope: { project: { name: 'admin', domain: { id: 'default' } } },
      },
    });
  });

  it('is read with an application credential', async () => {
    const { keystone } = await cloud();
    const api = await connect({
      OS_AUTH_URL: `${keystone.origin}/identity`,
      OS_APPLICATION_CREDENTIAL_ID: 'ac',
      OS_APPLICATION_CREDENTIAL_SECRET: 's-geheim',
    });
    await api.openImage('x').read(0, 8);
    expect(JSON.parse(keystone.seen[0]?.body ?? '')).toEqual({
      auth: {
        identity: {
          methods: ['application_credential'],
          application_credential: { id: 'ac', secret: 's-geheim' },
        },
      },
    });
  });

  it.each(['', '/', '/v2', '/v2/', '/v2.9', '/v1', '/v2?x#y'])('at --image-api with the path %j', async (path) => {
    const { keystone, glance } = await cloud();
    const api = await connect(login(keystone), `${glance.origin}${path}`);
    await api.openImage('x').read(0, 8);
    expect(glance.seen[0]?.path).toBe('/v2/images/x/file');
  });

  it('from a Glance without Keystone', async () => {
    const glance = await serve(withRanges(bytes));
    await (await connect(null, glance.origin)).openImage('x').read(0, 8);
    expect(tokens(glance)).toEqual([undefined]);
  });

  it('under an id that cannot climb to another address', async () => {
    const glance = await serve(withRanges(bytes));
    const api = await connect(null, glance.origin);
    for (const id of ['', '.', '..']) expect(() => api.openImage(id)).toThrow(SourceFailure);
    await api.openImage('../../v3/x?y#z').read(0, 8);
    expect(glance.seen[0]?.path).toBe('/v2/images/..%2F..%2Fv3%2Fx%3Fy%23z/file');
  });

  it('is asked for without a range after one refusal, in the same store', async () => {
    const { keystone, glance } = await cloud({ data: refusingRanges(bytes) });
    const api = await connect(login(keystone));
    for (const [id, store] of [
      ['1', 'ceph'],
      ['2', 'ceph'],
      ['3', 'file'],
    ] as const) {
      const source = api.openImage(id, { store, tenant: null });
      open.push(source);
      await source.read(0, 512);
    }
    expect(glance.seen.map((seen) => seen.headers.range !== undefined)).toEqual([true, false, false, true, false]);
  });

  it.each([
    [204, 'Glance has no data for this image (204)'],
    [403, 'the image is deactivated'],
    [404, 'Glance knows no such image for this user (404)'],
    [409, 'being changed (409)'],
    [410, 'is gone (410)'],
  ])('that is answered with %d says what that means', async (status, text) => {
    const { keystone, glance } = await cloud({ data: (_seen, response) => void response.writeHead(status).end() });
    const failure = await refused((await connect(login(keystone))).openImage('x').read(0, 8));
    expect(failure).toBeInstanceOf(SourceFailure);
    expect(failure.message).toContain(`${glance.origin}/image/v2/images/x/file: Glance`);
    expect(failure.message).toContain(text);
    expect(glance.seen).toHaveLength(1);
  });

  it('does not carry the token to another origin', async () => {
    const other = await serve(withRanges(bytes));
    const { keystone } = await cloud({
      data: (_seen, response) => void response.writeHead(302, { location: `${other.origin}/object` }).end(),
    });
    await (await connect(login(keystone))).openImage('x').read(0, 8);
    expect(tokens(other)).toEqual([undefined]);
  });

  it('does not renew the token because another origin wants a login', async () => {
    const other = await serve((_seen, response) => void response.writeHead(401).end());
    const { keystone } = await cloud({
      data: (_seen, response) => void response.writeHead(302, { location: `${other.origin}/object` }).end(),
    });
    await refused((await connect(login(keystone))).openImage('x').read(0, 8));
    expect([keystone.seen.length, other.seen.length]).toEqual([1, 1]);
  });
});

describe('a token', () => {
  it('that was refused is renewed once for twenty readers', async () => {
    const { keystone, glance, revoke } = await cloud();
    const api = await connect(login(keystone));
    revoke();
    const sources = Array.from({ length: 20 }, (_, i) => api.openImage(`image-${i}`));
    const heads = await Promise.all(sources.map((source) => source.read(0, 512)));
    expect(heads.every((head) => Buffer.compare(head, bytes.subarray(0, 512)) === 0)).toBe(true);
    expect(keystone.seen).toHaveLength(2);
    expect(glance.seen).toHaveLength(40);
  });

  it('is renewed a minute before it runs out, by Keystone’s own clock, once for twenty readers', async () => {
    const { keystone, glance } = await cloud({ lifetimeMs: 3_600_000 });
    const api = await connect(login(keystone));
    const real = performance.now.bind(performance);
    const clock = vi.spyOn(performance, 'now');
    try {
      clock.mockImplementation(() => real() + 3_500_000);
      await api.openImage('x').read(0, 8);
      expect(keystone.seen).toHaveLength(1);
      clock.mockImplementation(() => real() + 3_545_000);
      await Promise.all(Array.from({ length: 20 }, (_, i) => api.openImage(`image-${i}`).read(0, 8)));
      expect(keystone.seen).toHaveLength(2);
      expect(new Set(tokens(glance).slice(1))).toEqual(new Set(['token-1-geheim']));
    } finally {
      clock.mockRestore();
    }
  });

  it('that Glance never takes is renewed once a read, not for ever', async () => {
    const { keystone, glance } = await cloud({ data: (_seen, response) => void response.writeHead(401).end() });
    const failure = await refused((await connect(login(keystone))).openImage('x').read(0, 8));
    expect(failure.message).toContain('Glance refused the token (401)');
    expect([keystone.seen.length, glance.seen.length]).toEqual([2, 2]);
  });

  it('that cannot be renewed fails the read and leaves the next one its chance', async () => {
    const { keystone, revoke } = await cloud({ login: (nth) => (nth === 1 ? 401 : 201) });
    const api = await connect(login(keystone));
    revoke();
    const failure = await refused(api.openImage('x').read(0, 8));
    expect(failure).toBeInstanceOf(SourceFailure);
    expect(failure.message).toContain('the login was refused (401)');
    await api.openImage('y').read(0, 8);
  });

  it('that was made elsewhere is used as it is, also to find Glance, and is not renewed', async () => {
    const { keystone, glance, revoke } = await cloud();
    const env = { OS_TOKEN: 'token-0-geheim', OS_AUTH_URL: `${keystone.origin}/identity/v3` };
    const api = await connect(env);
    expect(keystone.seen.map((seen) => [seen.method, seen.path])).toEqual([['GET', '/identity/v3/auth/catalog']]);
    expect(tokens(keystone)).toEqual(['token-0-geheim']);
    await api.openImage('x').read(0, 8);
    await (await connect({ OS_TOKEN: 'token-0-geheim' }, glance.origin)).openImage('x').read(0, 8);
    const wrong = await connect({ OS_TOKEN: 'other-geheim' }, glance.origin);
    expect((await refused(wrong.openImage('x').read(0, 8))).message).toContain('set OS_TOKEN');
    revoke();
    expect(keystone.seen).toHaveLength(1);
  });
});

describe('an image API that cannot be used is told at once', () => {
  const failed = async (env: Record<string, string> | null, imageApi: string | null = null): Promise<RetypeError> => {
    const failure = await refused(connect(env, imageApi));
    expect(failure).toBeInstanceOf(RetypeError);
    return failure as RetypeError;
  };

  it.each([
    [401, 'the login was refused (401)'],
    [404, 'no Identity API v3'],
    [300, 'it redirects (300)'],
    [302, 'it redirects (302)'],
    [418, 'it answered 418'],
    [503, 'the server answered 503 (4 attempts)'],
  ])('Keystone answers %d', async (status, text) => {
    const { keystone } = await cloud({ login: () => status });
    const failure = await failed(login(keystone));
    expect(failure.code).toBe('IMAGE_API');
    expect(failure.message).toContain(text);
    expect(keystone.seen).toHaveLength(status === 503 ? 4 : 1);
  });

  it('Keystone answers 201 with nothing in it', async () => {
    const keystone = await serve((_seen, response) => void response.writeHead(201).end('{"token": 1'));
    expect((await failed(login(keystone))).message).toContain('the answer holds no token');
  });

  it('the catalogue has no such endpoint, several, or nonsense', async () => {
    const place = (region_id: string, url: unknown, wanted = 'public') => ({ interface: wanted, region_id, url });
    const two = await cloud({ endpoints: (glance) => [place('One', `${glance}/1`), place('Two', `${glance}/2`)] });
    expect((await failed(login(two.keystone))).message).toContain('one each in One, Two');
    const api = await connect(login(two.keystone, { OS_REGION_NAME: 'Two' }));
    expect(api.label).toBe(`${two.glance.origin}/2/v2`);
    expect((await failed(login(two.keystone, { OS_REGION_NAME: 'Three' }))).message).toContain('public, One, Two');
    expect((await failed(login(two.keystone, { OS_INTERFACE: 'internal' }))).message).toContain('others: public');
    const odd = await cloud({ endpoints: () => [place('One', 7), place('One', 'file:///etc/passwd'), []] });
    expect((await failed(login(odd.keystone))).message).toContain('no image service in the catalogue');
  });

  it('nothing says where the service is', async () => {
    expect((await failed(null)).message).toContain('give --image-api');
    expect((await failed({ OS_TOKEN: 'x-geheim' })).message).toContain('give --image-api');
  });
});

const endpoint = (region: string, url: unknown, kind: unknown = 'public') => ({
  interface: kind,
  region_id: region,
  url,
});
const catalog = (...endpoints: readonly unknown[]) => [
  { type: 'identity', endpoints: [endpoint('One', 'http://keystone')] },
  { type: 'image', endpoints },
];

/** What was found instead of one image service. */
function instead(...asked: Parameters<typeof imageEndpoint>): string {
  try {
    return `the address ${imageEndpoint(...asked)}`;
  } catch (error) {
    expect(error).toBeInstanceOf(RetypeError);
    return (error as RetypeError).problems[0].found;
  }
}

describe('the image service of a catalogue', () => {
  it('is found by interface and region, in both spellings of Keystone', () => {
    const two = catalog(
      endpoint('One', 'http://one'),
      endpoint('Two', 'http://two'),
      endpoint('Two', 'http://a', 'admin'),
    );
    expect(imageEndpoint(two, 'public', 'Two')).toBe('http://two');
    expect(imageEndpoint(two, 'admin', null)).toBe('http://a');
    const old = catalog({ interface: 'publicURL', region: 'One', url: 'http://one' });
    expect(imageEndpoint(old, 'public', 'One')).toBe('http://one');
  });

  it('needs no region where every region has the same address', () => {
    expect(imageEndpoint(catalog(endpoint('One', 'http://x'), endpoint('Two', 'http://x')), 'public', null)).toBe(
      'http://x',
    );
    expect(instead(catalog(endpoint('Two', 'http://2'), endpoint('One', 'http://1')), 'public', null)).toBe(
      'one each in One, Two',
    );
  });

  it('is none, with what there is instead; nothing odd is repeated', () => {
    expect(instead(catalog(endpoint('One', 'http://x')), 'internal', null)).toBe('others: public, One');
    const odd = catalog(
      endpoint('\u001b[2J', 'http://x'),
      endpoint('x'.repeat(65), 'http://x'),
      endpoint('Ok', 7),
      null,
      [],
    );
    expect(instead(odd, 'public', 'Ok')).toBe('others: public');
    for (const nonsense of [null, 'text', [null, 5], [{ type: 'image' }], [{ type: 'image', endpoints: 'x' }]]) {
      expect(instead(nonsense, 'public', null)).toBe('no image service in the catalogue');
    }
  });

  it('names ten regions at most', () => {
    const many = catalog(...Array.from({ length: 30 }, (_, i) => endpoint(`R${i}`, `http://${i}`)));
    expect(instead(many, 'public', null)).toMatch(/^one each in (?:R\d+, ){9}R\d+$/u);
  });
});
