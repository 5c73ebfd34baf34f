import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseShape, ShapedRecord } from '../../../src/glance/reader/shaped-row.ts';
import { storedForm } from '../../../src/journal/decisions.ts';
import type { JournalEntry } from '../../../src/journal/entries.ts';
import type { ImageEvidence, RowShape } from '../../../src/model/image.ts';
import { type BatchWork, createSharedForms, decideBatch, halve } from '../../../src/run/migrate/batch-work.ts';
import { asKernel, decide, evidence, type Example, typed } from '../../rules/evidence-builder.ts';

/** A batch of so many rows, all of them to be written. */
function batchOf(rows: number): BatchWork {
  const images = Array.from({ length: rows }, (_, index) =>
    evidence(index % 3 === 0 ? 'qcow2' : 'ami', 'bare', { image: { id: `image-${index}` } }),
  );
  return decideBatch(images, { pass: 1, range: { after: null, until: 'z' }, part: null }, new Map(), {
    decide,
    sharedForms: createSharedForms(decide),
    leaveAlone: new Set(),
  });
}

/** A batch cut until no part has more rows than the server takes. */
function cut(work: BatchWork, most: number): readonly BatchWork[] {
  const halves = work.rows.length > most ? halve(work) : null;
  return halves === null ? [work] : halves.flatMap((half) => cut(half, most));
}

const idsOf = ({ rows }: BatchWork): readonly string[] => rows.map(({ image }) => image.id);

describe('halve', () => {
  it('keeps every row once and in order, counts each once, and settles the range with the last part alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 20 }), (rows, most) => {
        const work = batchOf(rows);
        const parts = cut(work, most);
        expect(parts.flatMap(idsOf)).toEqual(idsOf(work));
        for (const part of parts) expect(part.rows.length).toBeLessThanOrEqual(most);
        expect(parts.reduce((sum, { rowsRead }) => sum + rowsRead, 0)).toBe(work.rowsRead);
        for (const status of ['exact', 'inferred', 'ambiguous', 'unmappable', 'not-applicable'] as const)
          expect(parts.reduce((sum, { counts }) => sum + counts[status], 0)).toBe(work.counts[status]);
        expect(parts.map(({ covers }) => covers)).toEqual([...parts.slice(1).map(() => 'nothing'), 'range']);
      }),
    );
  });

  it.each([
    [2, 1, 1],
    [3, 2, 1],
    [9, 5, 4],
  ])('cuts %i rows into %i and %i', (rows, first, second) => {
    expect(halve(batchOf(rows))?.map((half) => half.rows.length)).toEqual([first, second]);
  });

  it.each([0, 1])('has nothing to halve of %i rows', (rows) => {
    expect(halve(batchOf(rows))).toBeNull();
  });
});

/** Of an active image of 1 byte to 20 MiB without min_disk. */
function shapeOf(disk: string, row: 'live' | 'deleted' = 'live'): RowShape {
  const text = `6,active,${row === 'live' ? 0 : 1},${disk.length},${disk},/,4,bare,/,1,0`;
  const shape = parseShape(text);
  if (shape === null) throw new Error(`no shape: ${text}`);
  return shape;
}

const QCOW2 = shapeOf('qcow2');
const RAW = shapeOf('raw');

/** A row as it is read where only decisions are wanted. */
function shaped(id: string, shape: RowShape, { image, ...example }: Example = {}): ImageEvidence {
  const { image: _, ...rest } = evidence(shape.diskFormat, shape.containerFormat, example);
  return { ...rest, image: new ShapedRecord(id, image?.name ?? 'x', shape), shape };
}

const PLACE = { pass: 1, range: { after: 'a', until: 'z' }, part: null };
const WHERE_IT_IS = { ...PLACE, range: null };

function decided(
  images: readonly ImageEvidence[],
  {
    place = PLACE,
    stored = new Map<string, JournalEntry>(),
    leaveAlone = new Set<string>(),
  }: {
    readonly place?: Parameters<typeof decideBatch>[1];
    readonly stored?: ReadonlyMap<string, JournalEntry>;
    readonly leaveAlone?: ReadonlySet<string>;
  } = {},
): BatchWork {
  return decideBatch(images, place, stored, { decide, sharedForms: createSharedForms(decide), leaveAlone });
}

/** The key of the decision on such a row without further evidence. */
function keyOf(shape: RowShape, example: Example = {}): string {
  const seen = shaped('any', shape, example);
  return storedForm(decide(seen), seen.image).key;
}

/** A journal row that names a decision. */
function entry(imageId: string, decisionKey: string): JournalEntry {
  return {
    imageId,
    runId: 1,
    batch: 1,
    decisionKey,
    status: 'exact',
    imageType: null,
    containerType: null,
    envelope: null,
    rule: 'any',
    legacyDiskFormat: null,
    legacyContainerFormat: null,
    glanceStatus: 'active',
  };
}

const ownIds = ({ shared }: BatchWork): readonly string[] | undefined => shared?.own.map(({ image }) => image.id);

describe('createSharedForms', () => {
  it('decides on a live image of which nothing is known but its columns, once for each shape', () => {
    let calls = 0;
    const sharedForms = createSharedForms((seen) => {
      calls += 1;
      expect([seen.image.name, seen.properties.size, seen.lostProperties.size]).toEqual([null, 0, 0]);
      expect([seen.kernel, seen.ramdisk, seen.referencedBy]).toEqual([{ kind: 'absent' }, { kind: 'absent' }, null]);
      expect(seen.content).toBeUndefined();
      return decide(seen);
    });
    expect(sharedForms(QCOW2)).toMatchObject({ status: 'inferred', imageType: 'disk', diskFormat: 'qcow2' });
    expect(sharedForms(QCOW2)?.key).toBe(keyOf(QCOW2));
    expect(sharedForms(RAW)).toMatchObject({ status: 'ambiguous', imageType: null, diskFormat: 'raw' });
    expect(calls).toBe(2);
  });

  it('knows no decision of a shape without a text, because the server could not find such rows', () => {
    const { text: _, ...untold } = QCOW2;
    expect(createSharedForms(decide)(untold)).toBeNull();
  });
});

describe('decideBatch', () => {
  it('lets rows share a decision that follows from their columns, the most frequent shape first', () => {
    const work = decided([shaped('b', RAW), shaped('c', QCOW2), shaped('d', QCOW2)]);
    expect([...(work.shared?.keyByShape ?? [])]).toEqual([
      [QCOW2.text, keyOf(QCOW2)],
      [RAW.text, keyOf(RAW)],
    ]);
    expect([ownIds(work), work.shared?.done, idsOf(work)]).toEqual([[], [], ['b', 'c', 'd']]);
    expect(work).toMatchObject({ covers: 'range', rowsRead: 3, counts: { inferred: 2, ambiguous: 1 } });
  });

  it.each<readonly [string, RowShape, Example]>([
    ['a property that matters', QCOW2, { properties: { img_type: 'whole-disk' } }],
    ['a property that only orders candidates', RAW, { properties: { os_type: 'linux' } }],
    ['a telling name', RAW, { image: { name: 'vmlinuz-5.10' } }],
    ['others that name it as their kernel', RAW, { referencedBy: asKernel }],
    ['a kernel of its own', RAW, { kernel: { kind: 'missing', id: 'k' }, properties: { kernel_id: 'k' } }],
    ['bytes that were read', RAW, typed('disk', 'raw', 'certain')],
    ['a lost property', RAW, { lost: { image_type: 'snapshot' } }],
  ])('has a row with %s written by its id', (_, shape, example) => {
    const work = decided([shaped('b', shape), shaped('c', shape, example), shaped('d', shape)]);
    expect(ownIds(work)).toEqual(['c']);
    expect([...(work.shared?.keyByShape ?? [])]).toEqual([[shape.text, keyOf(shape)]]);
    expect(work.rows.map(({ form }) => form.key)).toEqual([keyOf(shape), keyOf(shape, example), keyOf(shape)]);
  });

  it.each<readonly [string, RowShape, Example]>([
    ['a property that does not matter to its tuple', QCOW2, { properties: { os_type: 'linux' } }],
    ['a name that tells nothing of its tuple', QCOW2, { image: { name: 'vmlinuz-5.10' } }],
  ])('lets a row with %s share the decision', (_, shape, example) => {
    const work = decided([shaped('b', shape, example)]);
    expect([ownIds(work), keyOf(shape, example)]).toEqual([[], keyOf(shape)]);
  });

  it('has every row written by its id where none shares a decision, or where they come from anywhere', () => {
    const telling = shaped('b', QCOW2, { properties: { img_type: 'whole-disk' } });
    expect(decided([telling]).shared).toBeNull();
    expect(decided([evidence('qcow2', 'bare')]).shared).toBeNull();
    const anywhere = decided([shaped('b', QCOW2)], { place: WHERE_IT_IS });
    expect([anywhere.shared, anywhere.covers, idsOf(anywhere)]).toEqual([null, 'nothing', ['b']]);
    expect(decided([]).shared).toBeNull();
  });

  it('keeps stored rows and those that stay as they are out of what the server looks up', () => {
    const stored = new Map([
      ['b', entry('b', keyOf(QCOW2))],
      ['c', entry('c', keyOf(RAW))],
    ]);
    const images = ['b', 'c', 'd', 'e'].map((id) => shaped(id, QCOW2));
    const work = decided(images, { stored, leaveAlone: new Set(['d']) });
    expect([idsOf(work), ownIds(work), work.shared?.done]).toEqual([['c', 'e'], ['c'], ['b', 'd']]);
    expect(work.rows.map((row) => row.stored?.decisionKey ?? null)).toEqual([keyOf(RAW), null]);
    expect(work).toMatchObject({ rowsRead: 4, counts: { inferred: 4 } });
  });

  it('counts soft-deleted rows and writes none, also not if one comes back that is stored', () => {
    const gone = shapeOf('qcow2', 'deleted');
    const stored = new Map([['c', entry('c', keyOf(QCOW2))]]);
    const work = decided([shaped('b', gone), shaped('c', gone), shaped('d', QCOW2)], { stored });
    expect([idsOf(work), ownIds(work), work.shared?.done]).toEqual([['d'], [], ['c']]);
    expect(work).toMatchObject({ rowsRead: 3, counts: { 'not-applicable': 2, inferred: 1 } });
  });

  it('has every row of a halved batch written by its id', () => {
    const work = decided([shaped('b', QCOW2), shaped('c', QCOW2)]);
    expect(work.shared).not.toBeNull();
    expect(halve(work)?.map(({ shared }) => shared)).toEqual([null, null]);
  });
});
