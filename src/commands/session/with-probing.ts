import { countText } from '../../report/words/number-text.ts';
import type { ContentCounts } from '../../run/probing/content-reader.ts';
import type { LookInside } from '../../run/context/context.ts';
import type { ProbeSurroundings } from '../../run/probing/probing.ts';
import type { ProbeChoice } from '../options/probe.ts';

/**
 * Runs work that may look into images, and tells what that came to. The prober and all it needs are loaded only where it was asked
 * for.
 *
 * @throws RetypeError CREDENTIALS, IMAGE_API, before `work` begins; and what `work` throws.
 */
export async function withProbing<T>(
  choice: ProbeChoice,
  around: Omit<ProbeSurroundings, 'environment'>,
  work: (lookInside: LookInside | undefined) => Promise<T>,
): Promise<T> {
  const say = (text: string): void => around.onEvent({ kind: 'note', text });
  for (const note of choice.notes) say(note);
  if (choice.mode === 'off') return work(undefined);
  const { openProbing } = await import('../../run/probing/probing.ts');
  const probing = await openProbing(choice, { ...around, environment: process.env });
  try {
    const value = await work(probing.lookInside);
    say(describe(probing.counts()));
    return value;
  } finally {
    probing.close();
  }
}

function describe({ read, shared, unread, requests, bytes }: ContentCounts): string {
  const parts = [
    `${countText(read + shared + unread)} images looked into`,
    `${countText(read)} read`,
    ...(shared > 0 ? [`${countText(shared)} known by checksum and first bytes`] : []),
    ...(unread > 0 ? [`${countText(unread)} could not be read`] : []),
  ];
  return `${parts.join(', ')} (${countText(requests)} requests, ${sizeText(bytes)})`;
}

function sizeText(bytes: number): string {
  return bytes < 1_000_000
    ? `${countText(Math.ceil(bytes / 1024))} KiB`
    : `${countText(Math.ceil(bytes / 1_048_576))} MiB`;
}
