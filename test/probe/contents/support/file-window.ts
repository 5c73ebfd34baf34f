import { statSync } from 'node:fs';
import { WINDOW_LENGTH } from '../../../../src/probe/reading/fields.ts';
import type { ContentWindow } from '../../../../src/probe/contents/sighting/sighting.ts';
import { headOf } from './real-tools.ts';
import { windowOf } from './windows.ts';

/** The window of a file on disk. */
export function fileWindow(path: string): ContentWindow {
  return windowOf(headOf(path, WINDOW_LENGTH), { guestSize: statSync(path).size });
}
