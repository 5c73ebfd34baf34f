import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createRealGlanceSchema } from '../../scripts/fixtures/real-glance.ts';
import { startGlanceApi, type GlanceApi } from '../../scripts/servers/glance-api.ts';
import { CORPUS_WANTED, corpusForTests } from '../support/images/corpus.ts';
import { withFreshDatabase } from '../support/servers/engines.ts';
import { REAL_GLANCE } from '../support/cloud/real-glance.ts';
import { runCli } from '../support/program/run-cli.ts';

/** What is uploaded: a sample of the corpus, the tuple its owner declares, and what a decided row must then say. */
interface Upload {
  readonly sample: string;
  readonly disk: string;
  readonly container: string;
  readonly properties?: Readonly<Record<string, string>>;
  /** `type/container[/envelope]`, or null where nothing may be decided. */
  readonly truth: string | null;
}

const UPLOADS: readonly Upload[] = [
  // Honest tuples.
  { sample: 'disks/mbr.img', disk: 'raw', container: 'bare', truth: 'disk/raw' },
  { sample: 'disks/gpt.img', disk: 'raw', container: 'bare', truth: 'disk/raw' },
  { sample: 'filesystems/ext4-1k.img', disk: 'raw', container: 'bare', truth: 'filesystem/raw' },
  { sample: 'filesystems/fat12-floppy.img', disk: 'raw', container: 'bare', truth: 'filesystem/raw' },
  { sample: 'kernels/bzimage', disk: 'raw', container: 'bare', truth: 'kernel/raw' },
  { sample: 'kernels/bzimage', disk: 'aki', container: 'aki', truth: 'kernel/raw' },
  { sample: 'ramdisks/initrd.zst', disk: 'raw', container: 'bare', truth: 'ramdisk/raw' },
  { sample: 'ramdisks/initrd.xz', disk: 'ari', container: 'ari', truth: 'ramdisk/raw' },
  { sample: 'filesystems/ext3.img', disk: 'ami', container: 'ami', truth: 'filesystem/raw' },
  { sample: 'optical/iso.iso', disk: 'iso', container: 'bare', truth: 'iso9660/raw' },
  { sample: 'containers/qcow2-mbr', disk: 'qcow2', container: 'bare', truth: 'disk/qcow2' },
  { sample: 'containers/qcow2-ext4', disk: 'qcow2', container: 'bare', truth: 'filesystem/qcow2' },
  { sample: 'containers/vmdk-stream-gpt', disk: 'vmdk', container: 'bare', truth: 'disk/vmdk' },
  { sample: 'containers/vhd-mbr', disk: 'vhd', container: 'bare', truth: 'disk/vhd' },
  { sample: 'containers/vhd-fixed-gpt', disk: 'vhd', container: 'bare', truth: 'disk/vhd' },
  { sample: 'containers/vhdx-mbr', disk: 'vhdx', container: 'bare', truth: 'disk/vhdx' },
  { sample: 'containers/vdi-ext4', disk: 'vdi', container: 'bare', truth: 'filesystem/vdi' },
  { sample: 'containers/ploop-mbr', disk: 'ploop', container: 'bare', truth: 'disk/ploop' },
  { sample: 'envelopes/vm.ova', disk: 'vmdk', container: 'ova', truth: 'disk/vmdk/ova' },
  { sample: 'envelopes/docker-saved.tar', disk: 'raw', container: 'docker', truth: 'other/raw/docker' },
  { sample: 'envelopes/xenserver.tgz', disk: 'vhd', container: 'ovf', truth: 'disk/vhd/xenserver-tgz' },
  { sample: 'envelopes/mbr.raw.gz', disk: 'raw', container: 'compressed', truth: 'disk/raw/compressed' },
  // Wrong tuples.
  { sample: 'containers/qcow2-gpt', disk: 'raw', container: 'bare', truth: 'disk/qcow2' },
  { sample: 'containers/qcow2-mbr', disk: 'ami', container: 'ami', truth: 'disk/qcow2' },
  { sample: 'optical/iso-hybrid-mbr.iso', disk: 'raw', container: 'bare', truth: 'iso9660/raw' },
  { sample: 'kernels/bzimage', disk: 'ari', container: 'ari', truth: 'kernel/raw' },
  { sample: 'ramdisks/initrd.gz', disk: 'aki', container: 'aki', truth: 'ramdisk/raw' },
  { sample: 'containers/vhd-fixed-mbr', disk: 'raw', container: 'bare', truth: 'disk/vhd' },
  { sample: 'envelopes/vm.ova', disk: 'vmdk', container: 'bare', truth: 'disk/vmdk/ova' },
  // Declared to have a signature that is not there: a contradiction, whatever else the bytes prove.
  { sample: 'disks/mbr-extended.img', disk: 'qcow2', container: 'bare', truth: null },
  { sample: 'disks/gpt.img', disk: 'iso', container: 'bare', truth: null },
  { sample: 'filesystems/ext2.img', disk: 'iso', container: 'bare', truth: null },
  { sample: 'containers/vdi-gpt', disk: 'vmdk', container: 'bare', truth: null },
  // Nobody can know, or nobody may decide.
  { sample: 'nothing/blank.img', disk: 'raw', container: 'bare', truth: null },
  { sample: 'nothing/random-0.img', disk: 'raw', container: 'bare', truth: null },
  { sample: 'hostile/qcow2-backing-absolute', disk: 'raw', container: 'bare', truth: null },
  { sample: 'hostile/polyglot-qcow2-on-iso', disk: 'iso', container: 'bare', truth: null },
  { sample: 'hostile/polyglot-mbr-on-ext4', disk: 'raw', container: 'bare', truth: null },
];

interface Planned {
  readonly image_id: string;
  readonly name: string;
  readonly image_type: string | null;
  readonly container_type: string | null;
  readonly envelope: string | null;
  readonly status: string;
  readonly rule: string;
  readonly findings: readonly string[];
}

describe.runIf(REAL_GLANCE && CORPUS_WANTED)('images uploaded through a real glance-api', () => {
  let api: GlanceApi;
  let databaseUrl = '';
  const uploads = new Map<string, Upload>();

  beforeAll(async () => {
    const { url } = await withFreshDatabase('mariadb');
    databaseUrl = url;
    createRealGlanceSchema(url);
    api = await startGlanceApi(url);
    const { samples } = await corpusForTests();
    for (const upload of UPLOADS) {
      const sample = samples.find(({ name }) => name === upload.sample);
      if (sample === undefined) throw new Error(`the corpus has no ${upload.sample}`);
      const fields = { name: upload.sample, disk_format: upload.disk, container_format: upload.container };
      uploads.set(await api.upload(fields, readFileSync(sample.file)), upload);
    }
  });
  afterAll(() => api?.stop());

  const planned = async (...source: readonly string[]): Promise<readonly Planned[]> => {
    const cache = join(mkdtempSync(join(tmpdir(), 'glance-retype-e2e-')), 'verdicts.sqlite');
    const result = await runCli(['plan', ...source, '--probe', 'all', '--probe-cache', cache, '--ndjson', '-']);
    expect(result.code, result.stderr).toBe(0);
    return result.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Planned);
  };

  it('are read alike through the API, the store path and the store that glance-api.conf names', async () => {
    const byApi = await planned('--database-url', databaseUrl, '--image-api', api.endpoint, '--os-token', 'none');
    const byStore = await planned('--database-url', databaseUrl, '--store-path', api.store);
    const byConf = await planned('--glance-conf', api.conf);
    expect(byApi).toHaveLength(UPLOADS.length);
    expect(byStore).toEqual(byApi);
    expect(byConf).toEqual(byApi);
  });

  it('are decided as what they are, or not at all', async () => {
    const rows = await planned('--glance-conf', api.conf);
    const answers = rows.map((row) => {
      const upload = uploads.get(row.image_id);
      const decided = row.status === 'exact' || row.status === 'inferred';
      const words = [row.image_type, row.container_type, row.envelope].filter((word) => word !== null);
      return {
        upload: `${upload?.sample} as ${upload?.disk}/${upload?.container}`,
        answer: decided ? words.join('/') : null,
        truth: upload?.truth,
      };
    });
    expect(answers.map(({ upload, answer }) => [upload, answer])).toEqual(
      answers.map(({ upload, truth }) => [upload, truth]),
    );
    const mismatched = rows.filter((row) => row.findings.includes('CONTENT_MISMATCH')).map((row) => row.name);
    expect(mismatched).toContain('containers/qcow2-gpt');
    expect(mismatched).not.toContain('containers/vhd-fixed-gpt');
  });

  it('go through migrate, verify and rollback with the answers of the plan', async () => {
    const at = ['--glance-conf', api.conf, '--probe', 'all'];
    expect((await runCli(['expand', '--glance-conf', api.conf, '--yes'])).code).toBe(0);
    const migrated = await runCli(['migrate', ...at, '--yes']);
    expect(migrated.code, migrated.stderr).toBe(0);
    const verified = await runCli(['verify', ...at]);
    expect(verified.code, verified.stdout + verified.stderr).toBe(0);
    expect((await runCli(['rollback', '--glance-conf', api.conf, '--yes'])).code).toBe(0);
  });
});
