import { describe, expect, it } from 'vitest';
import type { Content } from '../../../src/probe/contents/sighting/content.ts';
import {
  atMost,
  bootSectorCodes,
  contentJudgement,
  type Surroundings,
} from '../../../src/probe/judgement/content-judgement.ts';
import { fieldsOf } from '../../../src/probe/reading/fields.ts';

const AROUND: Surroundings = {
  containerType: 'qcow2',
  containerBasis: 'proven',
  evidence: [{ offset: 0, detail: 'magic', space: 'here' }],
  safety: ['DIRTY'],
  most: 'certain',
};
const DISK: Content = {
  kind: 'typed',
  imageType: 'disk',
  confidence: 'certain',
  alsoReadAs: [],
  evidence: [],
  safety: ['TRUNCATED'],
};

it('joins what is known of the container and of its content', () => {
  const traces = [{ offset: 510, detail: 'guest: MBR', space: 'elsewhere' as const }];
  expect(contentJudgement(DISK, traces, AROUND)).toMatchObject({
    imageType: 'disk',
    containerType: 'qcow2',
    containerBasis: 'proven',
    confidence: 'certain',
    evidence: [{ detail: 'magic' }, { detail: 'guest: MBR' }],
    safety: ['DIRTY', 'TRUNCATED'],
  });
});

it('is no surer than its surroundings allow', () => {
  expect(contentJudgement(DISK, [], { ...AROUND, most: 'likely' }).confidence).toBe('likely');
  expect((['certain', 'likely', 'weak'] as const).map((confidence) => atMost('likely', confidence))).toEqual([
    'likely',
    'likely',
    'weak',
  ]);
});

describe('content that decides nothing', () => {
  it.each<[Content, string, string]>([
    [{ kind: 'blank' }, 'blank', 'open'],
    [{ kind: 'unknown' }, 'not recognised', 'open'],
    [{ kind: 'encrypted', evidence: [], safety: [] }, 'encrypted', 'open'],
    [{ kind: 'contested', evidence: [], safety: ['POLYGLOT'] }, 'two readings of the content contend', 'contested'],
  ])('%j says why', (content, why, state) => {
    const judgement = contentJudgement(content, [], AROUND);
    expect(judgement).toMatchObject({ imageType: null, containerType: 'qcow2', why, state });
    expect(judgement.evidence).toEqual(AROUND.evidence);
    expect(judgement.safety).toContain('DIRTY');
  });
});

describe('a boot sector that Glance refuses', () => {
  const bytes = new Uint8Array(512);
  bytes[510] = 0x55;
  bytes[511] = 0xaa;
  // A status byte that is neither 0 nor 0x80.
  bytes[446] = 1;
  const fields = fieldsOf(bytes);

  it('has a code', () => {
    expect(bootSectorCodes(fields, DISK)).toEqual(['BOOT_SECTOR_REFUSED']);
    expect(bootSectorCodes(fieldsOf(new Uint8Array(512)), DISK)).toEqual([]);
  });

  it('has none on a disc, and none beside the code of a GPT', () => {
    expect(bootSectorCodes(fields, { ...DISK, imageType: 'iso9660' })).toEqual([]);
    expect(bootSectorCodes(fields, { ...DISK, safety: ['GPT_NONSTANDARD'] })).toEqual([]);
  });
});
