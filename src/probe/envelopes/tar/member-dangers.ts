import type { SafetyCode } from '../../../model/safety.ts';
import { isImageName, leadsOutside, leavesDirectory } from '../members/member-names.ts';
import type { TarMember } from './member.ts';

/**
 * What unpacking an archive may do. Root file systems and backups are full of symbolic links to absolute names, which
 * do no harm by themselves: they are an attack where one stands for a disk or beside one, or where a later member is
 * written through one.
 */
export function memberDangers(members: readonly TarMember[], content: 'disk' | 'files'): readonly SafetyCode[] {
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
