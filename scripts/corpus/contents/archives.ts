import { createHash } from 'node:crypto';
import { NOT_SURE, typed } from '../label.ts';
import { material, type Recipe, sample } from '../recipe.ts';
import { COMPRESSORS, compress } from './compressors.ts';
import { ROOT_FOLDER } from './filesystems.ts';
import { copied, type Member, tar, tarGz } from './tar.ts';

const FAR = 'needs random access within compressed data';

/** The layout of `docker save`, and since version 25 beside it that of the OCI. */
function dockerMembers(layer: Buffer): { readonly saved: readonly Member[]; readonly oci: readonly Member[] } {
  const sha = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: [`sha256:${sha(layer)}`] },
  });
  const blob = (bytes: string | Buffer): Member => [`blobs/sha256/${sha(bytes)}`, bytes];
  const manifest = JSON.stringify({
    schemaVersion: 2,
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: `sha256:${sha(config)}`,
      size: config.length,
    },
    layers: [
      { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: `sha256:${sha(layer)}`, size: layer.length },
    ],
  });
  const index = JSON.stringify({
    schemaVersion: 2,
    manifests: [{ digest: `sha256:${sha(manifest)}`, size: manifest.length }],
  });
  const id = sha(layer);
  return {
    saved: [
      [`${id}/VERSION`, '1.0'],
      [`${id}/json`, '{}'],
      [`${id}/layer.tar`, layer],
      [`${sha(config)}.json`, config],
      [
        'manifest.json',
        JSON.stringify([{ Config: `${sha(config)}.json`, RepoTags: ['sample:latest'], Layers: [`${id}/layer.tar`] }]),
      ],
      ['repositories', JSON.stringify({ sample: { latest: id } })],
    ],
    oci: [
      blob(layer),
      blob(config),
      blob(manifest),
      ['index.json', index],
      ['oci-layout', '{"imageLayoutVersion":"1.0.0"}'],
    ],
  };
}

const LAYER = 'materials/layer.tar';
const LAYER_MEMBERS = ['bin', 'dev', 'etc', 'init', 'proc', 'sbin', 'usr', 'var'];
const docker = typed('other', { envelope: 'docker' });

const FILES = typed('other', { confidences: NOT_SURE });

/** Images of containers, and archives that hold an image or nothing of the kind. */
export const archives: readonly Recipe[] = [
  material(LAYER, [ROOT_FOLDER], async (shop, file) => {
    await shop.run('tar', [
      '--format=gnu',
      '--owner=0',
      '--group=0',
      '-C',
      shop.path(ROOT_FOLDER),
      '-cf',
      file,
      ...LAYER_MEMBERS,
    ]);
  }),
  ...(['saved', 'oci'] as const).map((layout) =>
    sample(`envelopes/docker-${layout}.tar`, docker, [LAYER], async (shop, file) =>
      tar(shop, file, dockerMembers(await shop.read(LAYER))[layout]),
    ),
  ),
  // The directories of a root file system make no image of a container: the list of layers is missing.
  sample('envelopes/rootfs.tar', FILES, [LAYER], async (shop, file) => shop.copy(LAYER, file)),
  sample('envelopes/rootfs-dot.tar', FILES, [ROOT_FOLDER], async (shop, file) => {
    await shop.run('tar', ['--format=gnu', '--owner=0', '--group=0', '-C', shop.path(ROOT_FOLDER), '-cf', file, '.']);
  }),
  // An archive of files that are no root file system and no appliance is no image.
  sample('envelopes/documents.tar', typed('other', { mayBeUndetermined: 'an archive of anything' }), [], (shop, file) =>
    tar(shop, file, [
      ['letter.txt', 'Dear all\n'],
      ['figures.csv', '1,2\n'],
    ]),
  ),
  sample(
    'envelopes/disk.tgz',
    typed('disk', { envelope: 'tgz', mayBeUndetermined: FAR }),
    ['disks/mbr.img'],
    (shop, file) => tarGz(shop, file, [copied('disk.raw', 'disks/mbr.img')]),
  ),
  sample(
    'envelopes/kernel-and-disk.tgz',
    typed('other', { envelope: 'tgz', confidences: NOT_SURE, mayBeUndetermined: FAR }),
    ['filesystems/ext4-filled.img', 'kernels/arm64-image'],
    (shop, file) =>
      tarGz(shop, file, [copied('vmlinuz', 'kernels/arm64-image'), copied('root.img', 'filesystems/ext4-filled.img')]),
  ),
  sample(
    'envelopes/xenserver.tgz',
    typed('disk', { containerType: 'vhd', envelope: 'xenserver-tgz', mayBeUndetermined: FAR }),
    ['containers/vhd-mbr'],
    (shop, file) => tarGz(shop, file, [copied('0.vhd', 'containers/vhd-mbr')]),
  ),
  sample(
    'envelopes/rootfs.tar.gz',
    typed('other', { envelope: 'tgz', confidences: NOT_SURE, mayBeUndetermined: 'files of all kinds' }),
    [LAYER],
    (shop, file) => compress(shop, COMPRESSORS[0], shop.path(LAYER), file),
  ),
];
