import { countText, imagesText } from '../../words/number-text.ts';
import type { ImageData } from './data.ts';
import { FACETS, type ImageQuery } from './query.ts';

/** The ids of rows, one a line, in their order; ends in LF unless there are none. */
export function idList({ columns }: ImageData, rows: Uint32Array): string {
  return Array.from(rows, (row) => `${columns.id[row] ?? ''}\n`).join('');
}

/** `1,204 ids copied`, and how many images of the plan the page does not hold. */
export function doneText(count: number, done: 'copied' | 'saved', { total, columns }: ImageData): string {
  const ids = `${countText(count)} ${count === 1 ? 'id' : 'ids'} ${done}`;
  const held = columns.id.length;
  if (held === total) return `${ids}.`;
  return `${ids}. This page holds ${countText(held)} of ${imagesText(total)}, so more may match: plan --csv has all.`;
}

/** `images-status-ambiguous-owner-ada.txt`: letters, digits and dashes alone, and no longer than a file name may be. */
export function fileNameOf({ text, facets }: ImageQuery): string {
  const words = [...FACETS.flatMap((facet) => (facets[facet] === undefined ? [] : [facet, facets[facet]])), text];
  const name = ['images', ...words].join(' ').toLowerCase();
  const plain = name.replaceAll(/[^a-z0-9]+/g, '-').slice(0, 100);
  return `${plain.replaceAll(/^-|-$/g, '')}.txt`;
}
