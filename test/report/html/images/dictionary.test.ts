import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../../src/model/decision.ts';
import type { ImageData } from '../../../../src/report/html/images/data.ts';
import { imageBlock, imageData, imageKind } from '../../../../src/report/html/images/dictionary.ts';
import { safeText } from '../../../../src/report/words/safe-text.ts';
import { ambiguous, classification, decided, NASTY, notApplicable, READ, row, unmappable } from '../../made-images.ts';
import { ACCEPTED, MBR, NO_WORD, prediction, UNKNOWN } from '../../made-services.ts';
import { dataOf, IMAGES, QCOW2, REPORT } from './made-data.ts';

it('images that are alike share everything but id, name and owner', () => {
  const own = [1, 2, 3].map(
    (number) =>
      [{ id: `${number}` }, { ...QCOW2, evidence: [{ kind: 'property', detail: `kernel_id=${number}` }] }] as const,
  );
  const { kinds, evidence, sights } = dataOf([...own, ...own]);
  expect([kinds.length, evidence.length, sights.length]).toEqual([1, 3, 3]);
});

it('owners, codes and columns: each distinct text once, NULL apart', () => {
  const { owners, codes, columns } = dataOf(IMAGES);
  expect(owners).toEqual(['tenant-a', null, 'tenant-b', 'tenant']);
  expect(Object.keys(codes).toSorted()).toEqual(['BACKING_FILE', 'FS_NO_KERNEL', 'UNSAFE_CONTENT']);
  expect(columns.id).toEqual(['id-5', 'id-2', 'id-4', 'id-3', 'id-10', 'id-6']);
  expect(columns.owner.map((place) => owners[place])).toEqual([
    'tenant-a',
    null,
    'tenant-b',
    'tenant-b',
    'tenant-a',
    'tenant',
  ]);
});

it('what a service does is there once, in words and by what it is found by', () => {
  const [nova, cinder] = [prediction('nova', NO_WORD, ACCEPTED), prediction('cinder', UNKNOWN, UNKNOWN)];
  const data = dataOf([
    [{ id: '1' }, decided({ services: [nova, cinder] })],
    [{ id: '2' }, decided({ services: [prediction('nova', ACCEPTED, MBR), cinder] })],
  ]);
  expect(data.services).toEqual([
    {
      title: 'Nova',
      words: ['Nova: will be refused', 'Nova: will be refused, word'],
      lines: [
        'in 2024.2 accepted',
        'in 2025.2 refused by the step word: the word vhd is not known',
        'to pass: convert it: qemu-img convert -O qcow2, and upload the result as qcow2',
        'or: set [image_format]gpt_safety_checks_nonfatal = mbr',
      ],
    },
    {
      title: 'Cinder',
      words: ['Cinder: unknown', 'Cinder: unknown, the bytes were not read'],
      lines: ['in both releases unknown: the bytes were not read'],
    },
    {
      title: 'Nova',
      words: ['Nova: will work', 'Nova: will work, mbr (safety)'],
      lines: ['in 2024.2 refused by the check mbr (safety): the partition table is not sound', 'in 2025.2 accepted'],
    },
  ]);
  expect(data.kinds.map(({ services }) => services)).toEqual([
    [0, 1],
    [2, 1],
  ]);
});

it('no images, no entries', () => {
  expect(imageData({ total: 3, attention: 0, kept: [] }, REPORT)).toEqual({
    total: 3,
    codes: {},
    kinds: [],
    services: [],
    owners: [],
    sights: [],
    evidence: [],
    columns: { id: [], name: [], owner: [], kind: [], evidence: [] },
  });
});

const kindOf = (decision: Decision, columns: Parameters<typeof row>[0] = {}) => {
  const { status, ...image } = row(columns).image;
  return imageKind({ ...image, glance: status, decision }, []);
};

it('a decided image has its type, disposition and words', () => {
  const decision = decided({
    classification: classification('disk', 'vmdk', 'ova'),
    oneField: { format: 'ova' },
    disposition: 'refuse',
    content: { ...READ, safety: ['DIRTY'] },
    answered: { answer: 'mine', question: null, agreement: 'candidate' },
  });
  expect(kindOf(decision)).toMatchObject({
    becomes: 'disk/vmdk in ova',
    imageType: 'disk',
    containerType: 'vmdk',
    envelope: 'ova',
    format: 'ova',
    cutover: 'differs',
    today: 'boot-disk',
    after: 'refuse',
    safety: ['DIRTY'],
    question: null,
    answer: 'mine',
  });
});

it('an undecided image has candidates, or the part that is known', () => {
  expect(kindOf(ambiguous(), { diskFormat: null, containerFormat: '' })).toMatchObject({
    disk: 'NULL',
    container: "''",
    becomes: 'disk/raw or filesystem/raw',
    candidates: ['disk/raw', 'filesystem/raw'],
    cutover: 'open',
    after: null,
  });
  const known = kindOf(unmappable({ imageType: 'other', envelope: 'tgz' }));
  expect(known).toMatchObject({ becomes: '-', imageType: 'other', containerType: null, envelope: 'tgz' });
  expect(known.question).toMatch(/^qcow2-bare-[0-9a-f]{8}$/);
  expect(kindOf(notApplicable()).question).toBeNull();
});

it('shows controls instead of obeying them', () => {
  expect(kindOf(decided({ rule: '\u001b[2J', reason: '\u202e' }), { status: '\u0007' })).toMatchObject({
    rule: '\\x1b[2J',
    reason: '\\u202e',
    glance: '\\x07',
  });
});

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
