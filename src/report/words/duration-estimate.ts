import { countText, counted, durationText } from './number-text.ts';

/**
 * Rows of `images` a second. The most is what `scripts/bench/results.md` has for a million images on MariaDB and on
 * PostgreSQL, on an idle server with two cores. The least is a tenth of it: nobody measured a server under load.
 */
const RATES = { most: 50_000, least: 5_000 } as const;
/** Connecting, checking the schema, and the passes that compare: what ten thousand rows take in the same table. */
const START_MS = 1_000;

const MINUTE_MS = 60_000;

/** Milliseconds that migrate will take, between a fast and a slow server. */
export function migrateEstimate(rows: number): { readonly least: number; readonly most: number } {
  const at = (rate: number): number => START_MS + (rows / rate) * 1000;
  return { least: at(RATES.most), most: at(RATES.least) };
}

/** `migrate: about 11 s to 1 min 41 s (estimate; rehearse measures it)` */
export function migrateEstimateText(rows: number): string {
  return `migrate: ${rangeText(rows)} (estimate; rehearse measures it)`;
}

/** What the estimate rests on, in sentences. */
export function migrateEstimateNote(rows: number, probe: string): string {
  const reading = probe === 'off' ? '' : ' Reading images that no cache knows takes as long again as it took now.';
  return `migrate will take ${rangeText(rows)} for ${counted(rows, 'row')}. This is an estimate, at ${countText(RATES.most)} to ${countText(RATES.least)} rows a second; rehearse measures it on your server.${reading}`;
}

function rangeText(rows: number): string {
  const { least, most } = migrateEstimate(rows);
  if (most < MINUTE_MS) return 'less than a minute';
  return `about ${durationText(least)} to ${durationText(most)}`;
}
