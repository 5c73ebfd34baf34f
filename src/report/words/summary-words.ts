import type { Disposition } from '../../model/vocabulary.ts';
import { biggestFirst } from '../plan/bounded-groups.ts';
import type { ContentSummary, CutoverCount, PlanSummary } from '../plan/report.ts';
import { countText, imagesText } from './number-text.ts';

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
export function ofDecidedText({ decided }: PlanSummary['cutover']): string {
  return `of the ${imagesText(decided)} decided will behave differently:`;
}

/** Changes between today and the cutover, biggest first. */
export function cutoverChanges({ matrix }: PlanSummary['cutover']): readonly CutoverCount[] {
  return biggestFirst(
    matrix.filter((cell) => cell.novaToday !== cell.disposition),
    (cell) => `${cell.novaToday} ${cell.disposition}`,
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

/** Who refuses an image for its content. */
export const REFUSERS = 'Nova and Glance of 2024 and later';
