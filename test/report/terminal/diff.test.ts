import { describe, expect, it } from 'vitest';

import type { DiffSummary } from '../../../src/report/diff/diff-summary.ts';
import { renderDiff } from '../../../src/report/terminal/diff.ts';
import { textWidth } from '../../../src/report/words/text-width.ts';
import { compared, open, type Pair, record, settled } from '../diff/records.ts';
import { NASTY } from '../made-images.ts';

describe('telling a comparison', () => {
  const hostile = compared(
    NASTY.map((text, n): Pair => [
      open({ image_id: `${n}${text}`, name: text }),
      record({
        image_id: `${n}${text}`,
        name: text,
        disk_format: text,
        image_type: text,
        rule: text,
        findings: [text, '\u001b]0;x\u0007'],
        evidence: [{ kind: text, detail: text }],
      }),
    ]),
    [
      { rules_digest: '\u001b[2J', database: '\u202ex' },
      { rules_digest: 'y', database: 'z' },
    ],
  );

  it.each([40, 80, 100, 120])('keeps to %i columns and lets nothing through to the terminal', (width) => {
    for (const colour of ['plain', 'ansi'] as const) {
      const text = renderDiff(hostile, { width, colour });
      // oxlint-disable-next-line no-control-regex -- escape sequences are the subject
      const bare = text.replaceAll(/\u001b\[[\d;]*m/g, '');
      // oxlint-disable-next-line no-control-regex -- as above
      expect(bare).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202e\ufeff]/);
      if (colour === 'plain') expect(text).toBe(bare);
      if (width >= 80) for (const line of bare.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
    }
  });

  it('fits a screen however many transitions there are', () => {
    expect(renderDiff(hostile, { width: 100, colour: 'plain' }).split('\n').length).toBeLessThanOrEqual(50);
    expect(renderDiff(hostile, { width: 100, colour: 'plain' })).toMatch(/and \d+ more \(\d+ images\)/);
  });

  it('begins with the verdict', () => {
    const first = (summary: DiffSummary): string =>
      renderDiff(summary, { width: 80, colour: 'plain' }).split('\n')[0] ?? '';
    expect(first(compared([[record(), record()]]))).toBe(
      'No difference: every image has the same decision, for the same reasons.',
    );
    expect(first(compared([[null, record()]]))).toBe('No decision changed: 0 images decided differently, 1 added.');
    expect(first(compared([[open(), settled]]))).toBe('Different: 1 image decided differently.');
  });
});
