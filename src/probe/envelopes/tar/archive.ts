import { latin1 } from '../../reading/fields.ts';
import { readExactly, Unreadable, type Reading } from '../../reading/reading.ts';
import { type TarMember, walkTar } from './member.ts';
import type { SafetyCode } from '../../../model/safety.ts';
import { ofTypeOther, type Judgement } from '../../judgement/judgement.ts';
import { within } from '../../reading/layer.ts';
import {
  archiveJudgement,
  openFiles,
  type ArchiveFile,
  isDiskName,
  isImageName,
  isPackage,
  isVirtualDiskName,
  isXenServerName,
  leadsOutside,
  leavesDirectory,
} from '../members/archive-members.ts';
import type { EnvelopeFormat, Wrapped } from '../format/envelope.ts';
import { tarHeaderAt } from './header.ts';
import { ofSparse } from './sparse.ts';

/** Longest manifest that is read. One of a hundred layers has 10 KB. */
const LONGEST_MANIFEST = 256 * 1024;

const CONFIG = /^sha256:[0-9a-f]{64}$/u;
const LAYER = /^[0-9a-f]{64}\.tar\.gz$/u;

/**
 * Whether an archive is a container image of Docker or OCI. It needs a manifest with layers (`docker save`), an
 * `oci-layout`, or the config and layers of kaniko and crane, whose manifest comes last and may be out of reach.
 * Directories of a root file system prove nothing: any backup has them.
 *
 * Sources: moby image/spec/v1.2.md, "Combined Image JSON + Filesystem Changeset Format"; OCI image-spec,
 * image-layout.md; google/go-containerregistry, pkg/v1/tarball/write.go.
 */
export function* isDockerArchive(members: readonly TarMember[]): Reading<boolean> {
  const files = members.filter(({ kind }) => kind === 'file');
  const named = (name: string): TarMember | undefined => files.find((file) => file.name === name);
  if (hasLayers(yield* jsonOf(named('manifest.json')))) return true;
  const layout = yield* jsonOf(named('oci-layout'));
  if (isObject(layout) && (typeof layout['imageLayoutVersion'] === 'string' || named('index.json') !== undefined))
    return true;
  return files.some(({ name }) => CONFIG.test(name)) && files.some(({ name }) => LAYER.test(name));
}

function* jsonOf(member: TarMember | undefined): Reading<unknown> {
  if (member === undefined || member.sparse !== null || member.size > LONGEST_MANIFEST) return null;
  try {
    const bytes = yield* readExactly(member.offset, member.size);
    return JSON.parse(latin1(bytes)) as unknown;
  } catch (error) {
    if (error instanceof Unreadable || error instanceof SyntaxError) return null;
    throw error;
  }
}

function hasLayers(manifest: unknown): boolean {
  if (!Array.isArray(manifest)) return false;
  return manifest.some((image: unknown) => {
    const layers = isObject(image) ? image['Layers'] : null;
    return Array.isArray(layers) && layers.length > 0 && layers.every((layer) => typeof layer === 'string');
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

export const TAR_FORMAT: EnvelopeFormat = {
  recognise: ({ head }) => {
    const header = tarHeaderAt(head, 0);
    if (header === null) return null;
    return { offset: 0, detail: 'tar archive, checksum right', magic: header.magic === 'ustar' ? 'strong' : 'weak' };
  },
  open: (wrapped) => judgeArchive(wrapped, 'nothing'),
};

/** Judges a tar archive, plain or in gzip: a package with a disk, a container image, or files. */
export function* judgeArchive(wrapped: Wrapped, outer: 'gzip' | 'nothing'): Reading<Judgement> {
  const walked = yield* walkTar(wrapped.file);
  const { members } = walked;
  if (yield* isDockerArchive(members)) {
    const judgement = ofTypeOther('docker', walked.stopped === 'end' ? 'certain' : 'likely', [
      { offset: 0, detail: 'manifest or layout of a container image' },
    ]);
    return { ...judgement, safety: memberDangers(members, 'files') };
  }
  const files = members.filter(({ kind }) => kind === 'file');
  const names = files.map(({ name }) => name);
  const content = isPackage(names) ? 'package' : 'files';
  const opened = yield* openFiles(
    candidatesOf(files, content).map((member) => fileOf(member, outer)),
    wrapped,
  );
  const { size } = wrapped.file;
  const isCut = size !== null && members.some((member) => member.offset + member.size > size);
  const judgement = archiveJudgement(opened, {
    content,
    // This function cannot tell whether a compressed stream was whole.
    end: walked.stopped === 'end' && !isCut ? 'seen' : 'unseen',
    most: outer === 'gzip' ? 'likely' : 'certain',
    envelope: outer === 'gzip' ? 'tgz' : content === 'package' ? 'ova' : null,
    files: files.length,
  });
  const isXenServer = outer === 'gzip' && judgement.containerType === 'vhd' && isXenServerName(names[0] ?? '');
  const hasDisk = content === 'package' || opened.opened.some(({ role }) => role === 'disk');
  return {
    ...judgement,
    envelope: isXenServer ? 'xenserver-tgz' : judgement.envelope,
    safety: [
      ...judgement.safety,
      ...memberDangers(members, hasDisk ? 'disk' : 'files'),
      ...(isCut ? (['TRUNCATED'] as const) : []),
    ],
  };
}

/** Returns the files that may be the disk. An ISO image in a package counts only where there is no other disk. */
function candidatesOf(files: readonly TarMember[], content: 'package' | 'files'): readonly TarMember[] {
  if (content === 'files') return files;
  const virtual = files.filter(({ name }) => isVirtualDiskName(name));
  return virtual.length > 0 ? virtual : files.filter(({ name }) => isDiskName(name));
}

function fileOf({ name, offset, size, sparse }: TarMember, outer: 'gzip' | 'nothing'): ArchiveFile {
  const bytes = outer === 'gzip' ? 'costly' : 'near';
  if (sparse === null) return { name, size, place: offset, bytes, over: (reading) => within(reading, offset, size) };
  if (sparse === 'unusable') return { name, size: null, place: null, bytes, over: unusableMap };
  return { name, size: sparse.realSize, place: null, bytes, over: (reading) => ofSparse(reading, sparse) };
}

// oxlint-disable-next-line require-yield
function* unusableMap(): Reading<never> {
  throw new Unreadable('malformed', 'the map of a sparse file breaks its rules');
}

/**
 * Finds the dangers of unpacking an archive. Root file systems and backups are full of symbolic links to absolute
 * names, which are harmless alone. Such a link is an attack where it takes the place of a disk or lies beside one, and
 * where another member is written through it.
 */
function memberDangers(members: readonly TarMember[], content: 'disk' | 'files'): readonly SafetyCode[] {
  if (members.some(({ name, kind, link }) => leavesDirectory(name) || (kind === 'hard-link' && leavesDirectory(link))))
    return ['UNSAFE_MEMBER'];
  const outside = members.filter(({ name, kind, link }) => kind === 'symbolic-link' && leadsOutside(name, link));
  if (outside.length === 0) return [];
  const links = new Set(outside.map(({ name }) => name));
  const isAttack =
    content === 'disk' ||
    outside.some(({ name }) => isImageName(name)) ||
    members.some(({ name }) => isBelow(name, links));
  return [isAttack ? 'UNSAFE_MEMBER' : 'LINK_OUTSIDE'];
}

function isBelow(name: string, links: ReadonlySet<string>): boolean {
  for (let slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
    if (links.has(name.slice(0, slash))) return true;
  }
  return false;
}
