const TEXTS: Readonly<Record<number, string>> = {
  204: 'the server has no data',
  401: 'the server wants a login (401)',
  403: 'access is forbidden (403)',
  404: 'not found (404)',
  407: 'a proxy wants a login (407)',
  410: 'gone (410)',
};

/** What a status means when nobody knows better. */
export function statusText(status: number): string {
  return TEXTS[status] ?? `the server answered ${status}`;
}
