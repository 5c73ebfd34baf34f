import { counted, countText, imagesText } from '../../report/words/number-text.ts';
import type { ContentCounts } from '../../run/probing/content-reader.ts';
import type { LookInside } from '../../run/context/context.ts';
import type { ProbeSurroundings } from '../../run/probing/probing.ts';
import type { ProbeChoice } from '../options/probe.ts';

/** The content of images, for as long as the caller's scope lasts. */
export interface Content extends Disposable {
  readonly lookInside: LookInside | undefined;
  /** Says how many images were read, once the reading is over. */
  tell(): void;
}

/**
 * Makes ready to read the content of images. The prober is loaded only where content was asked for.
 * @throws RetypeError CREDENTIALS, IMAGE_API.
 */
export async function openContent(
  choice: ProbeChoice,
  around: Omit<ProbeSurroundings, 'environment'>,
): Promise<Content> {
  const say = (text: string): void => around.onEvent({ kind: 'note', text });
  for (const note of choice.notes) say(note);
  if (choice.mode === 'off') return { lookInside: undefined, tell: () => {}, [Symbol.dispose]: () => {} };
  const { openProbing } = await import('../../run/probing/probing.ts');
  const probing = await openProbing(choice, { ...around, environment: process.env });
  return {
    lookInside: probing.lookInside,
    tell: () => say(describe(probing.counts())),
    [Symbol.dispose]: () => probing.close(),
  };
}

function describe({ read, shared, unread, requests, bytes }: ContentCounts): string {
  const parts = [
    `${imagesText(read + shared + unread)} looked into`,
    `${countText(read)} read`,
    ...(shared > 0 ? [`${countText(shared)} known by checksum and first bytes`] : []),
    ...(unread > 0 ? [`${countText(unread)} could not be read`] : []),
  ];
  return `${parts.join(', ')} (${counted(requests, 'request')}, ${sizeText(bytes)})`;
}

function sizeText(bytes: number): string {
  return bytes < 1_000_000
    ? `${countText(Math.ceil(bytes / 1024))} KiB`
    : `${countText(Math.ceil(bytes / 1_048_576))} MiB`;
}
