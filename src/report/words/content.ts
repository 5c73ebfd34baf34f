import type { ContentSummary } from '../plan/summary-shape.ts';
import { countText, imagesText } from './number-text.ts';

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
