import { describe, expect, it } from 'vitest';

import { looksLikeIso, propertyToken } from '../../../src/rules/decide/property-token.ts';

describe('the token of a property', () => {
  it.each([
    ['img_type', 'Partition ', 'partition'],
    ['img_type', 'disk', ''],
    ['type', 'machine', 'machine'],
    ['type', 'qcow2', ''],
    ['image_type', 'snapshot', 'snapshot'],
    ['image_state', 'available', 'available'],
    ['image_state', 'untarring', 'other'],
    ['image_location', 'bucket/image.manifest.xml', 'manifest'],
    ['image_location', 'snapshot', 'snapshot'],
    ['image_location', 'http://host/debian.iso', 'iso'],
    ['image_location', 'http://user:secret@host/x', ''],
    ['block_device_mapping', '[]', ''],
    ['block_device_mapping', '[{"source_type": "snapshot"}]', 'set'],
    ['bdm_v2', 'False', ''],
    ['bdm_v2', 'True', 'set'],
    ['root_device_name', '/dev/sda1', 'partition'],
    ['root_device_name', '/dev/vda', 'whole'],
    ['root_device_name', 'nvme0n1p2', 'partition'],
    ['root_device_name', '/dev/mapper/root', ''],
    ['mappings', '[]', ''],
    ['mappings', `[{"virtual": "ami", "device": "sda1"}]`, 'partition'],
    ['mappings', `[{u'device': u'vda', u'virtual': u'ami'}]`, 'whole'],
    ['mappings', `[{"virtual": "root", "device": "sda1"}]`, 'set'],
    ['hw_rescue_device', 'cdrom', 'cdrom'],
    ['hw_rescue_device', 'disk', ''],
    ['os_type', 'linux', 'set'],
    ['os_type', ' none ', ''],
    ['os_type', 'null', ''],
    ['kernel_id', null, 'given'],
    ['os_type', null, ''],
    ['architecture', 'x86_64', ''],
  ])('%s=%s is read as "%s"', (name, value, token) => {
    expect(propertyToken(name, value)).toBe(token);
  });
  it('reads a long value of a platform property as set, and a long blank one as nothing', () => {
    expect(propertyToken('os_distro', 'ubuntu')).toBe('set');
    expect(propertyToken('os_distro', '        ')).toBe('');
  });
});

it.each([
  ['debian.iso', true],
  ['debian.iso.gz', true],
  ['debian.iso9660', false],
  ['my dvd', true],
  ['mydvd', false],
])('%s is the name of an installation medium: %s', (name, expected) => {
  expect(looksLikeIso(name)).toBe(expected);
});
