import type { FileHead } from '../../reading/file-head.ts';
import { readUpTo, Unreadable, type Reading } from '../../reading/reading.ts';
import { TAR_BLOCK } from './header.ts';
import { readMember, type TarMember } from './member.ts';

/**
 * Most headers that are read, and most of them that may lie behind the head of the file: each of these costs a request.
 */
const MOST_MEMBERS = 128;
const MOST_FAR_MEMBERS = 16;

/** What a walk over the headers of an archive found. */
export interface WalkedTar {
  readonly members: readonly TarMember[];
  /**
   * `end`: the end of the archive; `limit`: too many members; `unread`: the bytes end, or the next header is invalid.
   */
  readonly stopped: 'end' | 'limit' | 'unread';
}

export function* walkTar({ head, size }: FileHead): Reading<WalkedTar> {
  const members: TarMember[] = [];
  let far = 0;
  let at = 0;
  while (members.length < MOST_MEMBERS && far <= MOST_FAR_MEMBERS) {
    // Old programs, and those that only append, write no end mark.
    if (at === size) return { members, stopped: 'end' };
    const member = yield* memberAt(at);
    if (member === 'end' || member === 'unread') return { members, stopped: member };
    members.push(member);
    at = member.next;
    if (!head.has(at, TAR_BLOCK)) far += 1;
  }
  return { members, stopped: 'limit' };
}

/** Reads a member. An unreadable one ends the walk, and the members before it still count. */
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
