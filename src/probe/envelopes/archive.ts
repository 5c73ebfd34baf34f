import type { ByteEvidence } from '../../model/verdict.ts';
import { joined, otherwise, shifted, undetermined, type Judgement } from '../judgement.ts';
import { within } from '../layer.ts';
import { readUpTo, Unreadable, type Reading } from '../reading.ts';
import type { EnvelopeFormat, Wrapped } from './envelope.ts';
import { dockerSign, isDescriptor, isDiskName, isXenServerName } from './member-names.ts';
import { TAR_BLOCK, tarHeaderAt } from './tar-header.ts';
import { readMember, type TarMember } from './tar-walk.ts';

/** Headers looked at, and how many of them may lie behind the bytes that were read anyway: each of those costs a request. */
const MOST_MEMBERS = 64;
const MOST_FAR_MEMBERS = 8;

/** The descriptor of a package comes first (DSP0243 5.3); some tools write it a little later. */
const DESCRIPTOR_WITHIN = 4;

/** Members that are opened to find the disk. */
const MOST_OPENED = 3;

export const TAR_FORMAT: EnvelopeFormat = {
  recognise: ({ head }) => {
    const header = tarHeaderAt(head, 0);
    if (header === null) return null;
    return { offset: 0, detail: 'tar archive, checksum right', magic: header.magic === 'ustar' ? 'strong' : 'weak' };
  },
  open: (wrapped) => judgeArchive(wrapped, 'nothing'),
};

/** What is seen of an archive by walking its headers. */
interface Walked {
  readonly members: readonly TarMember[];
  readonly content: 'package' | 'docker' | 'unknown';
  /** `end`: the archive's own end, or a header that is none; `limit`: enough was seen; `unread`: the bytes did not go on. */
  readonly stopped: 'end' | 'limit' | 'unread';
}

/** A tar archive, that lies in a file as it is or was compressed by gzip: a package with a disk, a docker image, or just files. */
export function* judgeArchive(wrapped: Wrapped, outer: 'gzip' | 'nothing'): Reading<Judgement> {
  const walked = yield* walk(wrapped);
  const judgement = yield* judgeMembers(walked, wrapped, outer);
  const { size } = wrapped.file;
  const isCut = size !== null && walked.members.some((member) => member.offset + member.size > size);
  return isCut ? { ...judgement, safety: [...judgement.safety, 'TRUNCATED'] } : judgement;
}

function* judgeMembers(
  { members, content, stopped }: Walked,
  wrapped: Wrapped,
  outer: 'gzip' | 'nothing',
): Reading<Judgement> {
  if (content === 'docker') return otherwise('docker', 'certain', said('members of a docker archive'));
  const envelope = outer === 'gzip' ? 'tgz' : content === 'package' ? 'ova' : null;
  const first = members[0];
  const isXenServer = outer === 'gzip' && first !== undefined && isXenServerName(first.name);
  for (const member of candidatesOf(members, content)) {
    const inner = yield* judgeMember(member, wrapped);
    if (content !== 'package' && !isDiskLike(inner)) continue;
    // A plain archive with a disk inside has no word for its wrapper: it is called what it is, an archive.
    if (envelope === null)
      return joined(otherwise(null, 'certain', said('a disk image is among the members')), inner.evidence);
    return { ...inner, envelope: isXenServer && inner.containerType === 'vhd' ? 'xenserver-tgz' : envelope };
  }
  if (stopped === 'unread')
    return undetermined('an archive that could not be read to a disk or to its end', 'raw', { envelope });
  return otherwise(
    envelope,
    stopped === 'end' ? 'certain' : 'likely',
    said(content === 'package' ? 'no disk was found in the package' : 'no disk among the first members'),
  );
}

/** A package may bring an ISO image beside its disk, for the first boot; it counts only where there is nothing else. */
function candidatesOf(members: readonly TarMember[], content: Walked['content']): readonly TarMember[] {
  if (content !== 'package') return members.filter(({ kind }) => kind === 'file').slice(0, MOST_OPENED);
  const disks = members.filter(isDisk);
  const virtual = disks.filter(isVirtualDisk);
  return (virtual.length > 0 ? virtual : disks).slice(0, MOST_OPENED);
}

function* walk({ file }: Wrapped): Reading<Walked> {
  const members: TarMember[] = [];
  let far = 0;
  let at = 0;
  let content: Walked['content'] = 'unknown';
  while (members.length < MOST_MEMBERS && far < MOST_FAR_MEMBERS) {
    const member = yield* memberAt(at);
    if (member === 'end' || member === 'unread') return { members, content, stopped: member };
    members.push(member);
    if (members.length <= DESCRIPTOR_WITHIN && isDescriptor(member.name)) content = 'package';
    if (content === 'package' && members.some(isVirtualDisk)) break;
    if (content === 'unknown' && dockerSign(members.map(({ name }) => name))) content = 'docker';
    if (content === 'docker') break;
    at = member.next;
    if (at > file.head.length) far += 1;
  }
  return { members, content, stopped: 'limit' };
}

/** What cannot be read ends the walk: the members before it still say something. */
function* memberAt(offset: number): Reading<TarMember | 'end' | 'unread'> {
  try {
    const block = yield* readUpTo(offset, TAR_BLOCK);
    if (block.length < TAR_BLOCK) return 'unread';
    return (yield* readMember(offset)) ?? 'end';
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return 'unread';
  }
}

function isDisk({ name, kind }: TarMember): boolean {
  return kind === 'file' && isDiskName(name);
}

function isVirtualDisk(member: TarMember): boolean {
  return isDisk(member) && !/\.iso$/iu.test(member.name);
}

function isDiskLike({ imageType, containerType }: Judgement): boolean {
  if (containerType !== 'raw') return containerType !== null;
  return imageType === 'disk' || imageType === 'filesystem' || imageType === 'iso9660';
}

/** A member as an image of its own, in place. */
function* judgeMember({ offset, size }: TarMember, { depth, judge, file }: Wrapped): Reading<Judgement> {
  const bytes = file.size === null ? 'costly' : 'cheap';
  const inner = yield* within(judge({ size, depth: depth + 1, bytes }), offset, size);
  return { ...inner, evidence: labelledMember(shifted(offset, inner.evidence)) };
}

function labelledMember(traces: Judgement['evidence']): Judgement['evidence'] {
  return traces.map((trace) => ({ ...trace, detail: `archive member: ${trace.detail}` }));
}

/** Evidence on the archive as a whole. */
function said(detail: string): readonly ByteEvidence[] {
  return [{ offset: 0, detail }];
}
