import { writeFile } from 'node:fs/promises';
import { typed, untyped } from '../label.ts';
import { type Recipe, sample } from '../recipe.ts';
import { copied, type Member, tar } from './tar.ts';

const OVF = `<?xml version="1.0"?>
<Envelope ovf:version="1.0" xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1">
  <References><File ovf:href="vm-disk1.vmdk" ovf:id="file1"/></References>
  <DiskSection><Info>disks</Info><Disk ovf:diskId="vmdisk1" ovf:fileRef="file1" ovf:capacity="67108864"/></DiskSection>
  <VirtualSystem ovf:id="vm"><Info>a sample</Info></VirtualSystem>
</Envelope>
`;

const DESCRIPTOR: Member = ['vm.ovf', OVF];

/** Open Virtualization Format packages (DSP0243). */
export const appliances: readonly Recipe[] = [
  sample(
    'envelopes/vm.ova',
    typed('disk', { containerType: 'vmdk', envelope: 'ova' }),
    ['containers/vmdk-stream-mbr'],
    (shop, file) => tar(shop, file, [DESCRIPTOR, copied('vm-disk1.vmdk', 'containers/vmdk-stream-mbr')]),
  ),
  sample(
    'envelopes/vm-manifest.ova',
    typed('disk', { containerType: 'vmdk', envelope: 'ova' }),
    ['containers/vmdk-stream-gpt'],
    (shop, file) =>
      tar(shop, file, [
        DESCRIPTOR,
        ['vm.mf', 'SHA256(vm.ovf)= 0\n'],
        copied('vm-disk1.vmdk', 'containers/vmdk-stream-gpt'),
      ]),
  ),
  // The manifest may also come last, and the disk after megabytes of something else.
  sample(
    'envelopes/vm-iso-first.ova',
    typed('disk', { containerType: 'vmdk', envelope: 'ova', mayBeUndetermined: 'two members could be meant' }),
    ['containers/vmdk-stream-mbr', 'optical/iso.iso'],
    (shop, file) =>
      tar(shop, file, [
        DESCRIPTOR,
        copied('cloud-init.iso', 'optical/iso.iso'),
        copied('vm-disk1.vmdk', 'containers/vmdk-stream-mbr'),
      ]),
  ),
  sample(
    'envelopes/vm-two-disks.ova',
    typed('disk', { containerType: 'vmdk', envelope: 'ova' }),
    ['containers/vmdk-stream-mbr', 'containers/vmdk-stream-ext4'],
    (shop, file) =>
      tar(shop, file, [
        DESCRIPTOR,
        copied('vm-disk1.vmdk', 'containers/vmdk-stream-mbr'),
        copied('vm-disk2.vmdk', 'containers/vmdk-stream-ext4'),
      ]),
  ),
  sample(
    'envelopes/vm-qcow2.ova',
    typed('disk', { containerType: 'qcow2', envelope: 'ova' }),
    ['containers/qcow2-gpt'],
    (shop, file) => tar(shop, file, [DESCRIPTOR, copied('vm-disk1.qcow2', 'containers/qcow2-gpt')]),
  ),
  sample(
    'envelopes/vm-gnu.ova',
    typed('disk', { containerType: 'vmdk', envelope: 'ova' }),
    ['containers/vmdk-stream-mbr'],
    (shop, file) =>
      tar(shop, file, [DESCRIPTOR, copied(`${'a-long-name-'.repeat(10)}.vmdk`, 'containers/vmdk-stream-mbr')], 'gnu'),
  ),
  sample(
    'envelopes/vm-pax.ova',
    typed('disk', { containerType: 'vmdk', envelope: 'ova' }),
    ['containers/vmdk-stream-mbr'],
    (shop, file) =>
      tar(shop, file, [DESCRIPTOR, copied(`${'a-long-name-'.repeat(10)}.vmdk`, 'containers/vmdk-stream-mbr')], 'pax'),
  ),
  sample(
    'envelopes/vm-no-disk.ova',
    typed('other', { envelope: 'ova', mayBeUndetermined: 'nothing is in it' }),
    [],
    (shop, file) => tar(shop, file, [DESCRIPTOR]),
  ),
  sample(
    'envelopes/vm-flat-descriptor.ova',
    untyped({
      containerType: 'vmdk',
      envelope: 'ova',
      mustHaveSafety: ['EXTERNAL_EXTENTS'],
      mayHaveSafety: ['SMUGGLED_DESCRIPTOR', 'SUBTYPE_REFUSED'],
    }),
    ['containers/vmdk-monolithicFlat-mbr.vmdk'],
    (shop, file) => tar(shop, file, [DESCRIPTOR, copied('vm-disk1.vmdk', 'containers/vmdk-monolithicFlat-mbr.vmdk')]),
  ),
  sample(
    'envelopes/vm.ovf',
    typed('other', { envelope: 'ovf', mayBeUndetermined: 'nothing is in it' }),
    [],
    (_shop, file) => writeFile(file, OVF),
  ),
];
