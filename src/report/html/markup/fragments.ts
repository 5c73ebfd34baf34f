import type { Classification } from '../../../model/decision.ts';
import type { Severity } from '../../../model/finding.ts';
import { countText } from '../../words/number-text.ts';
import type { Tone } from '../../words/style.ts';
import { formatWord, classificationText } from '../../words/words.ts';
import { html, NO_HTML, type SafeHtml } from './escape.ts';

interface FormatWords {
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
}

/** `raw / bare`: text, as a picture has it. */
export function tupleText({ diskFormat, containerFormat }: FormatWords): string {
  return `${formatWord(diskFormat)} / ${formatWord(containerFormat)}`;
}

/** The same as markup. Each word is kept apart, so that one in Hebrew does not reorder the other. */
export function tupleHtml({ diskFormat, containerFormat }: FormatWords): SafeHtml {
  return html`<span class="word tuple"
    ><bdi>${formatWord(diskFormat)}</bdi> / <bdi>${formatWord(containerFormat)}</bdi></span
  >`;
}

export function classificationHtml(classification: Classification): SafeHtml {
  return html`<span class="word">${classificationText(classification)}</span>`;
}

export function idHtml(id: string): SafeHtml {
  return html`<code>${id}</code>`;
}

/** `for example a, b, c`; nothing where there are none. */
export function sampleIdsHtml(ids: readonly string[]): SafeHtml {
  return ids.length === 0 ? NO_HTML : html`${ids.map((id, index) => html`${index === 0 ? '' : ', '}${idHtml(id)}`)}`;
}

/** `1 question`, `1,204 questions`. */
export function counted(count: number, one: string, many: string): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** Leads to the table of images, narrowed where scripts run. `filter` as `readFilter` reads it. */
export function imagesLink(filter: string, text: string): SafeHtml {
  return html`<a href="#images" data-filter="${filter}">${text}</a>`;
}

export const SEVERITY_TONES: Readonly<Record<Severity, Tone>> = { error: 'bad', warning: 'warn', info: 'dim' };

export function toneHtml(text: string, tone: Tone): SafeHtml {
  return html`<span class="tone ${tone}">${text}</span>`;
}
