import type { Disposition } from '../../model/vocabulary.ts';
import { biggestFirst } from '../plan/bounded-groups.ts';
import type { LookedInside } from '../plan/content-tally.ts';
import { type CutoverEffect, effectOf, harmOf } from '../plan/decided-tally.ts';
import type { ContentSummary, CutoverCount, PlanSummary } from '../plan/report.ts';
import { counted, countText, imagesText } from './number-text.ts';

/** What Nova does with an image today: "images that Nova …". */
const TODAY: Readonly<Record<Disposition, string>> = {
  'boot-disk': 'boots as a disk',
  'boot-with-kernel': 'boots with a kernel',
  'attach-cdrom': 'attaches as a CD-ROM',
  'use-as-kernel': 'uses as a kernel',
  'use-as-ramdisk': 'uses as a ramdisk',
  refuse: 'refuses',
};

/** What a consumer of the new model does with it: "images will …". */
const AFTER: Readonly<Record<Disposition, string>> = {
  'boot-disk': 'be booted as a disk',
  'boot-with-kernel': 'be booted with a kernel only',
  'attach-cdrom': 'be attached as a CD-ROM',
  'use-as-kernel': 'be used as a kernel',
  'use-as-ramdisk': 'be used as a ramdisk',
  refuse: 'be refused',
};

/** `boots as a disk` */
export function todayText(disposition: Disposition): string {
  return TODAY[disposition];
}

/** `will be booted as a disk` */
export function afterText(disposition: Disposition): string {
  return `will ${AFTER[disposition]}`;
}

/** `that Nova boots as a disk today will be refused` */
export function changeText({ novaToday, disposition }: Omit<CutoverCount, 'count'>): string {
  return `that Nova ${TODAY[novaToday]} today will ${AFTER[disposition]}`;
}

export function unchangedText({ decided }: PlanSummary['cutover']): string {
  return `Nothing changes for the ${imagesText(decided)} decided: each will be used as Nova uses it today.`;
}

/** What follows the number of images that change. */
export function ofDecidedText({ decided, ...cutover }: PlanSummary['cutover']): string {
  return `of the ${imagesText(decided)} decided will behave differently: ${splitText(cutover)}.`;
}

/** `38 break, 311 improve`; only what there is. */
export function splitText({ breaks, improves }: Pick<PlanSummary['cutover'], 'breaks' | 'improves'>): string {
  const parts = [
    breaks === 0 ? '' : counted(breaks, 'breaks', 'break'),
    improves === 0 ? '' : counted(improves, 'improves', 'improve'),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

type Change = Exclude<CutoverEffect, 'same'>;

/** Both kinds of change, the harmful one first, and what each means. */
export const EFFECTS: Readonly<Record<Change, { readonly title: string; readonly meaning: string }>> = {
  breaks: { title: 'Breaks', meaning: 'used today, and afterwards not, or in another way' },
  improves: { title: 'Improves', meaning: 'refused today, and usable afterwards' },
};

/** Changes between today and the cutover of one kind, or of both: the most harmful first, then the biggest. */
export function cutoverChanges({ matrix }: PlanSummary['cutover'], effect?: Change): readonly CutoverCount[] {
  const changes = matrix.filter((cell) => {
    const found = effectOf(cell);
    return effect === undefined ? found !== 'same' : found === effect;
  });
  return biggestFirst(changes, (cell) => `${cell.novaToday} ${cell.disposition}`).toSorted(
    (one, other) => harmOf(one) - harmOf(other),
  );
}

/** `1,734 images read, 58 of them name no type, 3 could not be read`. */
export function readText({ read, undetermined, unread }: ContentSummary): string {
  const parts = [
    `${imagesText(read)} read`,
    undetermined === 0 ? '' : `${countText(undetermined)} of them name no type`,
    unread === 0 ? '' : `${countText(unread)} could not be read`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** How to have images looked into. */
export const HOW_TO_LOOK = 'plan --probe all with --store-path DIR or --image-api URL';

/** The number of dangerous images, as far as it is known: nothing is drawn as none before every image was read. */
export function dangerousFigure(inside: LookedInside): string {
  if (inside.kind === 'nobody' || inside.read === 0) return 'unknown';
  const { dangerous, unread, unasked } = inside;
  if (unread + unasked === 0) return countText(dangerous);
  return dangerous === 0 ? 'unknown' : `at least ${countText(dangerous)}`;
}

/**
 * What is known of dangers, in a sentence: what was found, how many were looked into, how to look into the others.
 *
 * @param extent `brief` names no sources of images.
 */
export function securityText(inside: LookedInside, classifiable: number, extent: 'brief' | 'whole'): string {
  const look = extent === 'brief' ? '--probe all' : `to look: ${HOW_TO_LOOK}`;
  if (inside.kind === 'nobody') {
    return `Security: unknown, none of ${imagesText(classifiable)} was looked into (${look}).`;
  }
  const { dangerous, caution, read, unread, unasked } = inside;
  const whys = [
    unasked === 0 ? '' : `${countText(unasked)} not looked into (${look})`,
    unread === 0 ? '' : `${countText(unread)} that could not be read`,
  ].filter((why) => why !== '');
  const unknown = `unknown in ${whys.join(' and ')}`;
  const found = [
    dangerous === 0 ? '' : `${countText(dangerous)} dangerous`,
    caution === 0 ? '' : `${countText(caution)} calling for caution`,
  ].filter((part) => part !== '');
  const looked = `${found.length === 0 ? 'nothing dangerous' : found.join(', ')} in ${imagesText(read)} looked into`;
  if (whys.length === 0) return `Security: ${looked}.`;
  if (read === 0) return `Security: ${unknown}.`;
  return found.length === 0 ? `Security: ${unknown}; ${looked}.` : `Security: ${looked}; ${unknown}.`;
}
