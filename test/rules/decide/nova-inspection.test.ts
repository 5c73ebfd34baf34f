import { describe, expect, it } from 'vitest';

import { asKernel, decide, evidence, type Example, liveKernel, typed, untyped } from '../evidence-builder.ts';

function refusal(disk: string | null, ...examples: readonly Example[]): string | null {
  const { content, novaToday, findings } = decide(evidence(disk, 'bare', Object.assign({}, ...examples) as Example));
  const reason = content?.kind === 'read' ? content.refusal : null;
  expect(findings.includes('NOVA_REFUSES')).toBe(reason !== null);
  if (reason !== null && !findings.includes('KERNEL_MISSING')) expect(novaToday).toBe('refuse');
  return reason;
}

const RAW_BYTES = {
  disk: typed('disk', 'raw', 'certain'),
  iso: typed('iso9660', 'raw', 'certain'),
  ext4: typed('filesystem', 'raw', 'certain'),
  udf: typed('filesystem', 'raw', 'certain', { alsoReadAs: ['iso9660'] }),
  kernel: typed('kernel', 'raw', 'certain'),
  blank: untyped('raw', 'blank'),
  gzip: typed('disk', 'raw', 'certain', { envelope: 'compressed' }),
};

describe('content against disk_format, as Nova compares them', () => {
  it.each<[string, string, Example, string | null]>([
    ['raw', 'a disk', RAW_BYTES.disk, null],
    ['raw', 'a filesystem', RAW_BYTES.ext4, null],
    ['raw', 'a kernel', RAW_BYTES.kernel, null],
    ['raw', 'zeros', RAW_BYTES.blank, null],
    ['raw', 'gzip', RAW_BYTES.gzip, null],
    ['raw', 'an ISO', RAW_BYTES.iso, 'declared raw, found to be iso'],
    ['raw', 'qcow2', untyped('qcow2'), 'declared raw, found to be qcow2'],
    ['raw', 'the first qcow', untyped('qcow'), 'the first qcow is refused as unsafe'],
    ['qcow2', 'the first qcow', untyped('qcow'), 'the first qcow is refused as unsafe'],
    ['ami', 'the first qcow', untyped('qcow'), 'the first qcow is refused as unsafe'],
    ['raw', 'cow, which has no inspector', untyped('cow'), null],
    ['raw', 'ploop, which only qemu-img knows', untyped('ploop'), 'declared raw, but qemu-img finds ploop'],
    ['raw', 'vhd, which may be a fixed one', untyped('vhd'), null],
    ['raw', 'luks', untyped('luks', 'encrypted'), 'declared raw, found to be luks'],
    ['raw', 'qed', untyped('qed'), 'qed is refused as unsafe'],
    ['gpt', 'a disk', RAW_BYTES.disk, null],
    ['gpt', 'a filesystem', RAW_BYTES.ext4, 'declared gpt, found to be raw'],
    ['gpt', 'zeros, which may hide a table', RAW_BYTES.blank, null],
    ['gpt', 'a weak filesystem', typed('filesystem', 'raw', 'weak'), null],
    ['iso', 'an ISO', RAW_BYTES.iso, null],
    ['iso', 'a disk', RAW_BYTES.disk, 'declared iso, found to be gpt'],
    ['iso', 'UDF, of which only the first descriptor is looked at', RAW_BYTES.udf, 'declared iso, found to be raw'],
    ['qcow2', 'qcow2', untyped('qcow2', 'encrypted'), null],
    ['qcow2', 'zeros', RAW_BYTES.blank, 'declared qcow2, found to be raw'],
    [
      'qcow2',
      'gzip of qcow2',
      typed('disk', 'qcow2', 'certain', { envelope: 'compressed' }),
      'declared qcow2, found to be raw',
    ],
    ['qcow2', 'vhdx', untyped('vhdx'), 'declared qcow2, found to be vhdx'],
    ['vhd', 'vhd', untyped('vhd'), null],
    ['vhd', 'vhdx', untyped('vhdx'), 'declared vhd, found to be vhdx'],
    ['luks', 'luks', untyped('luks', 'encrypted'), null],
    // Exempt from the comparison, but qemu-img must say raw.
    ...(['qcow2', 'vmdk', 'vdi', 'vhdx', 'ploop', 'luks'] as const).map(
      (container): [string, string, Example, string | null] => [
        'ami',
        container,
        untyped(container),
        `declared ami, but qemu-img finds ${container}`,
      ],
    ),
    ['ari', 'qcow2', untyped('qcow2'), 'declared ari, but qemu-img finds qcow2'],
    ['ami', 'gzip of qcow2', typed('disk', 'qcow2', 'certain', { envelope: 'compressed' }), null],
    ['ami', 'vhd, which may be a fixed one', untyped('vhd'), null],
    ['aki', 'a disk', RAW_BYTES.disk, null],
    // Refused for its name, whatever is inside.
    ['ploop', 'ploop', untyped('ploop'), null],
    ['qcow2', 'nothing that could be read', untyped(null, 'empty'), null],
  ])('%s, %s', (disk, _, content, expected) => {
    expect(refusal(disk, content)).toBe(expected);
  });

  it('an image without disk_format is refused for that', () => {
    expect(refusal(null, RAW_BYTES.disk)).toBeNull();
  });

  it.each<[string, Example, string | null]>([
    ['qcow2', untyped('qcow2', 'x', { safety: ['BACKING_FILE'] }), 'a safety check fails (BACKING_FILE)'],
    [
      'qcow2',
      untyped('qcow2', 'x', { safety: ['EXTERNAL_DATA_FILE', 'REMOTE_NAME'] }),
      'a safety check fails (EXTERNAL_DATA_FILE)',
    ],
    [
      'qcow2',
      typed('disk', 'qcow2', 'certain', { safety: ['UNKNOWN_FEATURE_BITS'] }),
      'a safety check fails (UNKNOWN_FEATURE_BITS)',
    ],
    ['qcow2', typed('disk', 'qcow2', 'certain', { safety: ['INTERNAL_SNAPSHOTS', 'DIRTY'] }), null],
    [
      'vmdk',
      typed('disk', 'vmdk', 'certain', { safety: ['SUBTYPE_REFUSED'] }),
      'a safety check fails (SUBTYPE_REFUSED)',
    ],
    ...(['qcow2', 'vmdk'] as const).map((format): [string, Example, string | null] => [
      format,
      untyped(format, 'x', { safety: ['MALFORMED_HEADER'] }),
      'a safety check fails (MALFORMED_HEADER)',
    ]),
    ['vhdx', untyped('vhdx', 'x', { safety: ['MALFORMED_HEADER'] }), null],
    [
      'qcow2',
      typed('disk', 'qcow2', 'certain', { safety: ['FEATURE_REFUSED'] }),
      'a safety check fails (FEATURE_REFUSED)',
    ],
    // 55 AA makes any bytes gpt.
    ...(['raw', 'gpt', 'ami'] as const).map((word): [string, Example, string | null] => [
      word,
      typed('filesystem', 'raw', 'certain', { safety: ['BOOT_SECTOR_REFUSED'] }),
      'a safety check fails (BOOT_SECTOR_REFUSED)',
    ]),
    [
      'raw',
      untyped('raw', 'not recognised', { safety: ['BOOT_SECTOR_REFUSED'] }),
      'a safety check fails (BOOT_SECTOR_REFUSED)',
    ],
    ['raw', typed('iso9660', 'raw', 'certain'), 'declared raw, found to be iso'],
    // Converted to raw, and inspected again.
    ...(['qcow2', 'vmdk', 'vdi', 'vhdx'] as const).flatMap((format): [string, Example, string | null][] => [
      [
        format,
        typed('filesystem', format, 'certain', { safety: ['BOOT_SECTOR_REFUSED'] }),
        'a safety check of the disk inside fails (BOOT_SECTOR_REFUSED)',
      ],
      [
        format,
        typed('disk', format, 'certain', { safety: ['GPT_NONSTANDARD'] }),
        'a safety check of the disk inside fails (GPT_NONSTANDARD)',
      ],
      [
        format,
        untyped(format, 'encrypted', { safety: ['ENCRYPTED_CONTENT'] }),
        'it is encrypted and cannot be converted without a key',
      ],
    ]),
    ['luks', untyped('luks', 'encrypted', { safety: ['ENCRYPTED_CONTENT'] }), null],
    ['vmdk', untyped('vmdk', 'x', { safety: ['EXTERNAL_EXTENTS'] }), 'a safety check fails (EXTERNAL_EXTENTS)'],
    ['vdi', untyped('vdi', 'x', { safety: ['PARENT_NEEDED'] }), null],
    ['raw', typed('disk', 'raw', 'certain', { safety: ['GPT_NONSTANDARD'] }), 'a safety check fails (GPT_NONSTANDARD)'],
    ['iso', typed('iso9660', 'raw', 'certain', { safety: ['GPT_NONSTANDARD'] }), null],
    // Amazon words are let off the comparison, not the checks.
    ['ami', untyped('qcow2', 'x', { safety: ['BACKING_FILE'] }), 'a safety check fails (BACKING_FILE)'],
    ['raw', untyped(null, 'x', { safety: ['POLYGLOT'] }), 'its bytes are found to be several formats'],
  ])('safety: %s with %o', (disk, content, expected) => {
    expect(refusal(disk, content)).toBe(expected);
  });
});

describe('what is inspected', () => {
  const qcow2 = typed('disk', 'qcow2', 'certain');
  it('a root disk beside its own kernel', () => {
    expect(refusal('raw', liveKernel, qcow2)).toBe('declared raw, found to be qcow2');
    expect(decide(evidence('qcow2', 'bare', { ...liveKernel, ...qcow2 })).novaToday).toBe('boot-with-kernel');
  });
  it('not what serves as a kernel itself', () => {
    expect(refusal('raw', { referencedBy: asKernel }, qcow2)).toBeNull();
    expect(decide(evidence('raw', 'bare', { referencedBy: asKernel, ...qcow2 })).novaToday).toBe('use-as-kernel');
  });
  it('not what has no bytes', () => {
    const decision = decide(evidence('raw', 'bare', { image: { status: 'queued' }, ...qcow2 }));
    expect(decision).toMatchObject({ novaToday: 'refuse', services: [], findings: [] });
    expect(decision.content).toBeUndefined();
  });
  it('bytes, where they are known, and not the words of an archive', () => {
    expect(decide(evidence('qcow2', 'compressed', qcow2)).novaToday).toBe('boot-disk');
    expect(decide(evidence('vhd', 'ovf', typed('disk', 'vhd', 'certain'))).novaToday).toBe('boot-disk');
    const unknown: Example = { content: { kind: 'unread', why: 'gone' } };
    expect(decide(evidence('qcow2', 'compressed', unknown)).novaToday).toBe('refuse');
    expect(decide(evidence('qcow2', 'compressed', untyped(null, 'empty'))).novaToday).toBe('refuse');
  });
});
