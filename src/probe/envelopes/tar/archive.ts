import type { SafetyCode } from '../../../model/safety.ts';
import { ofTypeOther, type Judgement } from '../../judgement/judgement.ts';
import { within } from '../../reading/layer.ts';
import { Unreadable, type Reading } from '../../reading/reading.ts';
import { archiveJudgement, openFiles, type ArchiveFile } from '../members/archive-members.ts';
import { isDockerArchive } from './docker-archive.ts';
import type { EnvelopeFormat, Wrapped } from '../format/envelope.ts';
import {
  isDiskName,
  isImageName,
  isPackage,
  isVirtualDiskName,
  isXenServerName,
  leadsOutside,
  leavesDirectory,
} from '../members/member-names.ts';
import { tarHeaderAt } from './header.ts';
import type { TarMember } from './member.ts';
import { ofSparse } from './sparse.ts';
import { walkTar } from './walk.ts';

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
