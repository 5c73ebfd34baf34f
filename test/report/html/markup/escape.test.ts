import { describe, expect, test } from 'vitest';

import { escapeHtml, html, SafeHtml, trustedHtml } from '../../../../src/report/html/markup/escape.ts';
import { NASTY } from '../../made-images.ts';

describe('html', () => {
  test('escapes text in elements and attributes', () => {
    const evil = `<script>alert("1")</script> & 'x' \`y\``;
    expect(html`<p title="${evil}">${evil}</p>`.toString()).toBe(
      `<p title="${escapeHtml(evil)}">${escapeHtml(evil)}</p>`,
    );
    expect(escapeHtml(evil)).toBe('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39; &#96;y&#96;');
  });

  test('markup passes, lists are joined, null is nothing, numbers are themselves', () => {
    const items = ['a', '<b>'].map((word) => html`<i>${word}</i>`);
    expect(html`${items}${null}${7}${trustedHtml('<hr>')}`.toString()).toBe('<i>a</i><i>&lt;b&gt;</i>7<hr>');
  });

  test('what looks like markup is not', () => {
    const lookAlike = { toString: () => '<script>' };
    expect(() => new SafeHtml(Symbol('other') as never, '<script>')).toThrow(TypeError);
    expect(lookAlike instanceof SafeHtml).toBe(false);
  });

  test('controls, bidirectional marks and half characters are shown', () => {
    for (const text of NASTY) {
      expect(html`<p>${text}</p>`.toString()).not.toMatch(/(?!\u200c|\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }
    expect(escapeHtml('\u202egnp.exe')).toBe('\\u202egnp.exe');
    expect(escapeHtml('שלום')).toBe('שלום');
  });

  test('refuses a value in an attribute without quotes', () => {
    const draw = (name: string): SafeHtml => html`<p class=${name}></p>`;
    expect(() => draw('x')).toThrow('without quotes');
    expect(() => draw('x')).toThrow('without quotes');
  });
});
