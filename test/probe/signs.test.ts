import { describe, expect, it } from 'vitest';
import { FIRST_STEP, type Layer } from '../../src/probe/reading/layer.ts';
import { HEAD_LENGTH } from '../../src/probe/reading/file-head.ts';
import { readSignedHead } from '../../src/probe/signs.ts';
import { qcow2Image } from './containers/bytes.ts';
import { readOver } from './reading-over.ts';

const NOISE = Buffer.alloc(2_000_000, 'no format begins like this. ');

function signed(bytes: Uint8Array, kind: Layer['bytes']) {
  const { value, asked } = readOver(bytes, readSignedHead({ size: bytes.length, depth: 0, bytes: kind }));
  const { containers, envelopes, refutes } = value.signs;
  return {
    containers: containers.map(({ format }) => format.containerType),
    envelopes: envelopes.map(({ sign }) => sign.detail),
    refutes,
    lengths: asked.map(([, length]) => length),
  };
}

const withNul = (bytes: Buffer): Buffer => Buffer.from(bytes).fill(0, 1000, 1001);

it('names the formats whose signature is there, and those that are refuted', () => {
  expect(signed(qcow2Image(), 'cheap')).toMatchObject({ containers: ['qcow2'], envelopes: [] });
  expect(signed(qcow2Image(), 'cheap').refutes).toEqual(['cow', 'iso', 'luks', 'ploop', 'qed', 'vdi', 'vhdx', 'vmdk']);
});

describe('the head', () => {
  it('of a cheap layer is read at once; a text without a NUL may be a long descriptor', () => {
    expect(signed(withNul(NOISE), 'cheap').lengths).toEqual([HEAD_LENGTH]);
    expect(signed(NOISE, 'cheap').lengths).toEqual([HEAD_LENGTH, 1024 * 1024 - 1]);
  });

  it('of a costly layer is short until a sign asks for more', () => {
    expect(signed(withNul(NOISE), 'costly').lengths).toEqual([FIRST_STEP]);
    expect(signed(Buffer.concat([qcow2Image(), NOISE]), 'costly').lengths).toEqual([FIRST_STEP, HEAD_LENGTH]);
  });

  it('of a near layer is short until something in it was missed', () => {
    expect(signed(withNul(NOISE), 'near').lengths).toEqual([FIRST_STEP]);
    const gzip = Buffer.concat([Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3), withNul(NOISE)]);
    expect(signed(gzip, 'near').lengths).toEqual([FIRST_STEP, HEAD_LENGTH]);
  });

  it('of nothing is not asked for', () => {
    expect(signed(new Uint8Array(0), 'cheap')).toMatchObject({ containers: [], envelopes: [], lengths: [] });
  });
});
