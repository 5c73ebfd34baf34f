import type { OwnerSummary } from '../plan/report.ts';
import { counted, countText, imagesText } from './number-text.ts';

/** `Whom to ask: 312 owners`, for a title; of a sample, how large it is. */
export function ownersTitle({ listed, others, unseen }: OwnerSummary): string {
  const seen = listed.reduce((sum, owner) => sum + owner.undecided + owner.breaks, others.undecided + others.breaks);
  const sample = unseen === 0 ? '' : `, in a sample of ${countText(seen)} of ${imagesText(seen + unseen)}`;
  const more = others.undecided + others.breaks > 0 ? ' and more' : '';
  return `Whom to ask: ${counted(listed.length, 'owner')}${more}${sample}`;
}

/** What the list leaves out, in sentences; none where it is complete. */
export function ownersNotes({ others, unseen }: OwnerSummary): readonly string[] {
  return [
    others.undecided + others.breaks === 0
      ? ''
      : `Further owners, not counted apart, have ${countText(others.undecided)} undecided and ${countText(others.breaks)} that break.`,
    unseen === 0
      ? ''
      : `The owners of ${counted(unseen, 'more image was', 'more images were')} not looked up; plan --html and --json count those of all.`,
  ].filter((note) => note !== '');
}
