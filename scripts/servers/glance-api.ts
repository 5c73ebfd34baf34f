import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { realGlanceConf } from '../fixtures/real-glance.ts';
import { endSupervised, freePort, requireBinary, superviseServer, untilReady } from './private-server.ts';

/** A real glance-api on 127.0.0.1 without authentication, over a filesystem store of its own. */
export interface GlanceApi {
  readonly endpoint: string;
  /** The directory that its store writes to. */
  readonly store: string;
  /** Its configuration, as an operator would hand it to `--glance-conf`. */
  readonly conf: string;
  /** Registers an image and uploads its data. @returns its id. @throws Error with Glance's answer where it refuses. */
  upload(fields: Readonly<Record<string, string | null>>, data: Uint8Array): Promise<string>;
  stop(): Promise<void>;
}

/** The pipeline that Glance ships as its default, without the middlewares that do nothing here. */
const PASTE = `[pipeline:glance-api]
pipeline = versionnegotiation unauthenticated-context rootapp
[composite:rootapp]
paste.composite_factory = glance.api:root_app_factory
/: apiversions
/v2: apiv2app
[app:apiversions]
paste.app_factory = glance.api.versions:create_resource
[app:apiv2app]
paste.app_factory = glance.api.v2.router:API.factory
[filter:versionnegotiation]
paste.filter_factory = glance.api.middleware.version_negotiation:VersionNegotiationFilter.factory
[filter:unauthenticated-context]
paste.filter_factory = glance.api.middleware.context:UnauthenticatedContextMiddleware.factory
`;

/** The watchdog stops its server with SIGQUIT, which the shell that started it has set to be ignored. */
const MAIN = `import os, signal, sys
signal.signal(signal.SIGQUIT, lambda *_: os._exit(0))
from glance.cmd.api import main
sys.argv[0] = "glance-api"
main()
`;

/**
 * Starts Glance's API (Debian: python3-glance, which glance-common brings) on a database that has Glance's schema already.
 *
 * @param databaseUrl `mysql://…`, as for `createRealGlanceSchema`
 */
export async function startGlanceApi(databaseUrl: string): Promise<GlanceApi> {
  const python = requireBinary(['/usr/bin/python3'], 'python3');
  requireBinary(['/usr/lib/python3/dist-packages/glance/cmd/api.py'], 'glance-common');
  const directory = mkdtempSync(join(tmpdir(), 'glance-retype-glance-api-'));
  const store = join(directory, 'store');
  mkdirSync(store);
  const paste = join(directory, 'paste.ini');
  writeFileSync(paste, PASTE);
  const port = await freePort();
  const conf = join(directory, 'glance-api.conf');
  writeFileSync(conf, glanceApiConf({ databaseUrl, store, paste, port }), { mode: 0o600 });
  const child = superviseServer([python, '-W', 'ignore', '-c', MAIN, '--config-file', conf], directory, {});
  const endpoint = `http://127.0.0.1:${port}`;
  await untilReady(child, 60, () => fetch(`${endpoint}/versions`));
  return {
    endpoint,
    store,
    conf,
    upload: (fields, data) => upload(endpoint, fields, data),
    stop: () => endSupervised(child, directory),
  };
}

interface Place {
  readonly databaseUrl: string;
  readonly store: string;
  readonly paste: string;
  readonly port: number;
}

function glanceApiConf({ databaseUrl, store, paste, port }: Place): string {
  return `${realGlanceConf(databaseUrl)}
[DEFAULT]
bind_host = 127.0.0.1
bind_port = ${port}
workers = 0

[glance_store]
stores = file
default_store = file
filesystem_store_datadir = ${store}

[image_format]
disk_formats = ami,ari,aki,vhd,vhdx,vmdk,raw,qcow2,vdi,iso,ploop
container_formats = ami,ari,aki,bare,ovf,ova,docker,compressed

[paste_deploy]
config_file = ${paste}
`;
}

async function upload(
  endpoint: string,
  fields: Readonly<Record<string, string | null>>,
  data: Uint8Array,
): Promise<string> {
  const made = await answered(
    await fetch(`${endpoint}/v2/images`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    }),
  );
  const { id } = (await made.json()) as { readonly id: string };
  await answered(
    await fetch(`${endpoint}/v2/images/${id}/file`, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: new Blob([Uint8Array.from(data)]),
    }),
  );
  return id;
}

async function answered(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw new Error(`Glance answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
}
