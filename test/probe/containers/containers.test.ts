import { expect, it } from 'vitest';
import { CONTAINER_FORMATS } from '../../../src/probe/containers/containers.ts';
import { fieldsOf } from '../../../src/probe/reading/fields.ts';
import { cowImage, parallelsImage, qcow2Image, qcowImage, qedImage, vdiImage } from './bytes.ts';
import { vhdImage } from './vhd-image.ts';
import { vhdxImage } from './vhdx-image.ts';
import { sparseImage } from './vmdk-image.ts';

const SAMPLES = {
  cow: cowImage('x86-64'),
  luks: Buffer.from('LUKS\xba\xbe\0\x01', 'latin1'),
  ploop: parallelsImage('WithoutFreeSpace'),
  qcow: qcowImage(),
  qcow2: qcow2Image(),
  qed: qedImage(),
  vdi: vdiImage(),
  vhd: vhdImage({ table: [] }),
  vhdx: vhdxImage(),
  vmdk: sparseImage({}),
};

it('has one format for each container type of its own', () => {
  expect(CONTAINER_FORMATS.map(({ containerType }) => containerType).toSorted()).toEqual(Object.keys(SAMPLES));
});

it.each(Object.entries(SAMPLES))('takes a sound %s for that and nothing else', (name, bytes) => {
  const file = { head: fieldsOf(bytes), size: bytes.length };
  const recognised = CONTAINER_FORMATS.filter(({ recognise }) => recognise(file) !== null);
  expect(recognised.map(({ containerType }) => containerType)).toEqual([name]);
});

it.each(CONTAINER_FORMATS.filter(({ magics }) => magics.length > 0))(
  'recognises no $containerType without a magic of its list',
  ({ containerType, magics, recognise }) => {
    const bytes = Buffer.from(SAMPLES[containerType as keyof typeof SAMPLES]);
    for (const { offset, bytes: magic } of magics) bytes.fill(1, offset, offset + magic.length);
    expect(recognise({ head: fieldsOf(bytes), size: bytes.length })).toBeNull();
  },
);
