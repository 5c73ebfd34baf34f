import { safeText } from '../../words/safe-text.ts';

/** Markup that needs no escaping. Only `html` and `trustedHtml` make it: the private field keeps look-alikes out. */
export class SafeHtml {
  readonly #markup: string;

  constructor(key: typeof KEY, markup: string) {
    if (key !== KEY) throw new TypeError('SafeHtml is made by html`…` or trustedHtml(…)');
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

const KEY = Symbol('only this module makes markup');

/** A value in a template. Text is escaped, markup passes, lists are joined, null is nothing. */
export type HtmlValue = string | number | SafeHtml | null | readonly HtmlValue[];

/** For literals of this program only. `KEY` cannot be named elsewhere, so all other markup goes through `html`. */
export function trustedHtml(literal: string): SafeHtml {
  return new SafeHtml(KEY, literal);
}

/** Nothing at all. */
export const NO_HTML = trustedHtml('');

const checked = new WeakSet<TemplateStringsArray>();

/**
 * A piece of a page. Every text in it is escaped, and its controls and bidirectional marks are shown as `safeText`
 * shows them, so that it is safe in an element and in a quoted attribute.
 *
 * @throws Error for a value in an attribute without quotes.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): SafeHtml {
  if (!checked.has(strings)) refuseUnquoted(strings);
  let text = strings[0] ?? '';
  for (const [index, value] of values.entries()) text += markupOf(value) + (strings[index + 1] ?? '');
  return trustedHtml(text);
}

/** Text for an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  const shown = safeText(text);
  return SPECIAL.test(shown) ? shown.replaceAll(ALL_SPECIAL, (char) => ENTITIES[char] ?? '') : shown;
}

const SPECIAL = /[&<>"'`]/;
const ALL_SPECIAL = /[&<>"'`]/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

function markupOf(value: HtmlValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return value instanceof SafeHtml ? value.toString() : value.map(markupOf).join('');
}

function refuseUnquoted(strings: TemplateStringsArray): void {
  if (strings.slice(0, -1).some((piece) => /=\s*$/.test(piece))) {
    throw new Error(`a value in an attribute without quotes: ${strings.join('…')}`);
  }
  checked.add(strings);
}
