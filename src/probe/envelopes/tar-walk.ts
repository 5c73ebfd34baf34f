import type { FileHead } from '../reading/file-head.ts';
import { readUpTo, Unreadable, type Reading } from '../reading/reading.ts';
import { TAR_BLOCK } from './tar-header.ts';
import { readMember, type TarMember } from './tar-member.ts';

/**
 * Headers looked at, and how many of them may lie behind the bytes that were read anyway: each of those costs a
 * request.
 */
const MOST_MEMBERS = 128;
const MOST_FAR_MEMBERS = 16;

/** What is seen of an archive by walking its headers. */
export interface WalkedTar {
  readonly members: readonly TarMember[];
  /**
   * `end`: the archive's own end; `limit`: too many members; `unread`: the bytes did not go on, or the next header is
   * none.
   */
  readonly stopped: 'end' | 'limit' | 'unread';
}

export function* walkTar({ head, size }: FileHead): Reading<WalkedTar> {
  const members: TarMember[] = [];
  let far = 0;
  let at = 0;
  while (members.length < MOST_MEMBERS && far <= MOST_FAR_MEMBERS) {
    // Old programs, and those that only append, write no end.
    if (at === size) return { members, stopped: 'end' };
    const member = yield* memberAt(at);
    if (member === 'end' || member === 'unread') return { members, stopped: member };
    members.push(member);
    at = member.next;
    if (!head.has(at, TAR_BLOCK)) far += 1;
  }
  return { members, stopped: 'limit' };
}

/** What cannot be read ends the walk: the members before it still say something. */
function* memberAt(offset: number): Reading<TarMember | 'end' | 'unread'> {
  try {
    const member = yield* readMember(offset);
    if (member !== null) return member;
    const block = yield* readUpTo(offset, TAR_BLOCK);
    return block.every((byte) => byte === 0) ? 'end' : 'unread';
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return 'unread';
  }
}
