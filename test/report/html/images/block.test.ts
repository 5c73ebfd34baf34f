import { describe, expect, it } from 'vitest';

import { imageBlock } from '../../../../src/report/html/images/block.ts';
import type { ImageData } from '../../../../src/report/html/images/data.ts';
import { safeText } from '../../../../src/report/words/safe-text.ts';
import { decided, NASTY } from '../../made-images.ts';
import { dataOf, IMAGES, QCOW2 } from './made-data.ts';

describe('data block', () => {
  const text = (made: ImageData) => [...imageBlock(made)].join('');
  const inner = (block: string) =>
    /^<script type="application\/json" id="image-data">(.*)<\/script>\n$/s.exec(block)?.[1] ?? '';

  it('parses to the same data', () => {
    const data = dataOf(IMAGES);
    expect(JSON.parse(inner(text(data)))).toEqual(data);
  });

  it('parses to the same data in many pieces', () => {
    const many = dataOf(
      Array.from({ length: 12_345 }, (_, place) => [{ id: `${place}`, owner: `o${place % 7}` }, QCOW2] as const),
    );
    expect(JSON.parse(inner(text(many)))).toEqual(many);
    expect(many.owners).toHaveLength(7);
    expect(many.kinds).toHaveLength(1);
    expect([...imageBlock(many)].length).toBeGreaterThan(10);
  });

  it('nothing in it can end the element or be taken for a comment, and no character is invisible', () => {
    const hard = [...NASTY, '</script><script>alert(1)</script>', '<!--<script>', ']]>'];
    const block = text(
      dataOf(
        hard.map(
          (name, place) =>
            [
              { id: `${place}${name}`, name, owner: name, status: name, diskFormat: name, containerFormat: name },
              decided({ rule: name, reason: name, evidence: [{ kind: name, detail: name }] }),
            ] as const,
        ),
      ),
    );
    expect(inner(block)).not.toContain('<');
    expect(block).toBe(safeText(block.trimEnd()) + '\n');
    const read = JSON.parse(inner(block)) as ImageData;
    expect([...read.columns.name]).toEqual(hard.map(safeText));
    expect(read.sights).toEqual(hard.map((text) => [safeText(text), safeText(text)]));
    expect(read.kinds.map(({ rule, reason, glance }) => [rule, reason, glance])).toEqual(
      hard.map((text) => [safeText(text), safeText(text), safeText(text)]),
    );
  });
});
