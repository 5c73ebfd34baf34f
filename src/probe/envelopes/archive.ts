import { otherwise, type Judgement } from '../judgement/judgement.ts';
import { within } from '../reading/layer.ts';
import { Unreadable, type Reading } from '../reading/reading.ts';
import { archiveJudgement, openFiles, type ArchiveFile } from './archive-members.ts';
import { isDockerArchive } from './docker-archive.ts';
import type { EnvelopeFormat, Wrapped } from './envelope.ts';
import { memberDangers } from './member-dangers.ts';
import { isDiskName, isPackage, isVirtualDiskName, isXenServerName } from './member-names.ts';
import { tarHeaderAt } from './tar-header.ts';
import type { TarMember } from './tar-member.ts';
import { ofSparse } from './tar-sparse.ts';
import { walkTar } from './tar-walk.ts';

export const TAR_FORMAT: EnvelopeFormat = {
  recognise: ({ head }) => {
    const header = tarHeaderAt(head, 0);
    if (header === null) return null;
    return { offset: 0, detail: 'tar archive, checksum right', magic: header.magic === 'ustar' ? 'strong' : 'weak' };
  },
  open: (wrapped) => judgeArchive(wrapped, 'nothing'),
};

/** A tar archive, that lies in a file as it is or was compressed by gzip: a package with a disk, a docker image, or just files. */
export function* judgeArchive(wrapped: Wrapped, outer: 'gzip' | 'nothing'): Reading<Judgement> {
  const walked = yield* walkTar(wrapped.file);
  const { members } = walked;
  if (yield* isDockerArchive(members)) {
    const judgement = otherwise('docker', walked.stopped === 'end' ? 'certain' : 'likely', [
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
    // Whether a compressed stream was whole is not known here.
    end: walked.stopped === 'end' && !isCut ? 'seen' : 'unseen',
    most: outer === 'gzip' ? 'likely' : 'certain',
    envelope: outer === 'gzip' ? 'tgz' : content === 'package' ? 'ova' : null,
    files: files.length,
  });
  const isXenServer = outer === 'gzip' && judgement.containerType === 'vhd' && isXenServerName(names[0] ?? '');
  const hasDisk = content === 'package' || opened.opened.some(({ standing }) => standing === 'disk');
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

/** An ISO image beside the disk of a package counts only where there is nothing else. */
function candidatesOf(files: readonly TarMember[], content: 'package' | 'files'): readonly TarMember[] {
  if (content === 'files') return files;
  const virtual = files.filter(({ name }) => isVirtualDiskName(name));
  return virtual.length > 0 ? virtual : files.filter(({ name }) => isDiskName(name));
}

function fileOf({ name, offset, size, sparse }: TarMember, outer: 'gzip' | 'nothing'): ArchiveFile {
  const bytes = outer === 'gzip' ? 'costly' : 'near';
  if (sparse === null) return { name, size, place: offset, bytes, over: (reading) => within(reading, offset, size) };
  if (sparse === 'unusable') return { name, size: null, place: null, bytes, over: notThere };
  return { name, size: sparse.realSize, place: null, bytes, over: (reading) => ofSparse(reading, sparse) };
}

// oxlint-disable-next-line require-yield
function* notThere(): Reading<never> {
  throw new Unreadable('malformed', 'the map of a sparse file breaks its rules');
}
