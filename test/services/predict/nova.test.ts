import { describe, expect, it } from 'vitest';
import type { Inspection } from '../../../src/model/inspection.ts';
import { CONTENTS, type ContentName } from '../contents.ts';
import { RELEASES, shortVerdict, verdictOf } from '../predictions.ts';

const nova = (word: string, bytes: Inspection | null, release: string, backend = 'qcow2') =>
  shortVerdict(verdictOf('nova', release, word, bytes, {}, backend));

/** The places where predictions used to be wrong, with the step and check that refuse from 2025.1 on. */
const DISAGREEMENTS: readonly (readonly [number, string, ContentName | null, string])[] = [
  [1, 'vhd', null, 'qemu-img:qemu-img'],
  [1, 'vhd', 'vhd-dynamic', 'qemu-img:qemu-img'],
  [2, 'gpt', null, 'qemu-img:qemu-img'],
  [2, 'gpt', 'mbr-disk', 'qemu-img:qemu-img'],
  [3, 'luks', null, 'conversion:encryption'],
  [3, 'luks', 'luks-1', 'conversion:encryption'],
  [3, 'luks', 'luks-2', 'safety:version'],
  [4, 'vhd', 'mbr-disk', 'comparison:comparison'],
  [4, 'raw', 'vhd-dynamic', 'comparison:comparison'],
  [4, 'raw', 'vhd-fixed-over-iso', 'comparison:comparison'],
  [5, 'raw', 'ntfs', 'safety:mbr'],
  [6, 'raw', 'empty-mbr', 'safety:mbr'],
  [6, 'raw', 'boot-sector-of-512', 'safety:mbr'],
  [7, 'raw', 'ext4', 'accepted'],
  [8, 'qcow2', 'qcow2-extended-l2', 'safety:unknown_features'],
  [9, 'qcow2', 'qcow-version-1', 'safety:unknown_features'],
  [10, 'qcow2', 'qcow2-version-4', 'safety:unknown_features'],
  [10, 'vmdk', 'vmdk-version-4', 'safety:descriptor'],
  [10, 'vmdk', 'vmdk-odd-line', 'safety:descriptor'],
  [11, 'qcow2', 'qcow2-version-2-with-byte-79', 'safety:data_file'],
  [12, 'ami', 'qcow2', 'qemu-img:qemu-img'],
  [12, 'ami', 'vmdk-sparse', 'qemu-img:qemu-img'],
  [12, 'ami', 'luks-1', 'qemu-img:qemu-img'],
  [13, 'raw', 'ploop', 'qemu-img:qemu-img'],
  [14, 'qcow2', 'qcow2-of-ntfs', 'base:mbr'],
  [14, 'qcow2', 'qcow2-of-gpt-by-parted', 'base:mbr'],
  [14, 'qcow2', 'qcow2-of-luks-2', 'base:version'],
  [14, 'qcow2', 'qcow2-of-qcow2', 'conversion:conversion'],
  [14, 'qcow2', 'qcow2-of-luks-1', 'conversion:conversion'],
  [15, 'qcow2', 'qcow2-encrypted', 'conversion:encryption'],
  [16, 'raw', 'plain-iso', 'comparison:comparison'],
  [17, 'qcow2', 'qcow2-with-55-aa', 'formats:formats'],
  [18, 'raw', 'text-with-a-byte-above-7f', 'formats:crash'],
  [19, 'qcow2', 'qcow2-of-104-bytes', 'comparison:comparison'],
  [19, 'vhdx', 'vhdx-cut', 'complete:complete'],
  [20, 'gpt', 'ext4', 'comparison:comparison'],
];

describe('Nova', () => {
  it.each(DISAGREEMENTS)('%i: %s over %s is %s', (_, word, content, expected) => {
    for (const release of RELEASES.filter((name) => name >= '2025.1')) {
      expect([release, nova(word, content === null ? null : CONTENTS[content], release)]).toEqual([release, expected]);
    }
  });

  it.each(['qcow2', 'raw', 'iso', 'vmdk', 'vdi', 'vhdx', 'ami', 'aki', 'ari'])(
    '%s without bytes is unknown',
    (word) => {
      for (const release of RELEASES) {
        expect(verdictOf('nova', release, word, null)).toEqual({ kind: 'unknown', why: 'the bytes were not read' });
      }
    },
  );

  it.each(['vhd', 'gpt', 'luks', 'ploop', 'qed', 'qcow', 'cow', 'a word of the site', 'RAW'])(
    '%s without bytes is refused by every release',
    (word) => {
      for (const release of RELEASES) expect(verdictOf('nova', release, word, null).kind).toBe('refused');
    },
  );

  it('inspects the base again with backend qcow2 only', () => {
    for (const content of ['qcow2-of-ntfs', 'qcow2-of-luks-2', 'qcow2-of-gpt-by-parted'] as const) {
      const verdicts = ['qcow2', 'flat', 'lvm', 'rbd', 'rbd-clone'].map((backend) =>
        nova('qcow2', CONTENTS[content], '2026.2', backend),
      );
      expect(verdicts.slice(1)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
      expect(verdicts[0]).toMatch(/^base:/u);
    }
    expect(nova('qcow2', CONTENTS['qcow2-of-qcow2'], '2026.2', 'flat')).toBe('conversion:conversion');
  });

  it('does not look at raw images that are cloned inside Ceph', () => {
    const verdict = verdictOf('nova', '2026.2', 'raw', CONTENTS.ntfs, {}, 'rbd-clone');
    expect(verdict).toEqual({ kind: 'accepted', basis: 'not-inspected' });
    expect(nova('raw', CONTENTS.ntfs, '2026.2', 'rbd')).toBe('safety:mbr');
    expect(nova('ami', CONTENTS.ntfs, '2026.2', 'rbd-clone')).toBe('safety:mbr');
  });

  it('does not look at kernels, ramdisks and images that boot from volumes', () => {
    for (const row of [{ use: 'boot-part' }, { payload: 'volumes' }] as const) {
      expect(verdictOf('nova', '2026.2', 'vhd', null, row)).toEqual({ kind: 'accepted', basis: 'not-inspected' });
    }
  });

  it('says in words what was declared and found', () => {
    const why = (word: string, content: ContentName | null) => {
      const verdict = verdictOf('nova', '2026.2', word, content === null ? null : CONTENTS[content]);
      return verdict.kind === 'accepted' ? '' : verdict.why;
    };
    expect(why('raw', 'qcow2')).toBe('declared raw, found to be qcow2');
    expect(why('vhd', 'vhd-dynamic')).toBe('declared vhd, and qemu-img finds vpc');
    expect(why('vhd', null)).toBe('declared vhd, and qemu-img finds something else');
    expect(why('qcow2', 'qcow2-with-55-aa')).toBe('several formats at once: qcow2, gpt');
    expect(why('raw', 'ntfs')).toBe('the partition table of its boot sector is not sound (boot-flag)');
    expect(why('qcow2', 'qcow2-of-qcow2')).toBe('the disk inside is qcow2 to qemu-img, where Nova wants raw');
    expect(why('a word of the site', null)).toBe('Nova has no inspector for a word of the site');
    expect(why('', null)).toBe("Nova has no inspector for ''");
    expect(why(' Qcow2', null)).toBe("Nova has no inspector for ' Qcow2'");
  });
});

describe('what was not seen', () => {
  const { file } = CONTENTS.qcow2;
  it('leaves open only what it decides', () => {
    const unread = { file, guest: { kind: 'unread', why: 'a cluster is compressed with zstd' } } as const;
    expect(verdictOf('nova', '2026.2', 'qcow2', unread)).toEqual({
      kind: 'unknown',
      why: 'the disk inside was not read: a cluster is compressed with zstd',
    });
    expect(nova('raw', unread, '2026.2')).toBe('comparison:comparison');
    expect(verdictOf('glance', '2026.2', 'qcow2', unread).kind).toBe('accepted');
  });

  it('names the bytes', () => {
    const raw = { ...CONTENTS['mbr-disk'].file, 'iso-signature': null };
    expect(verdictOf('nova', '2026.2', 'raw', { file: raw, guest: { kind: 'none' } })).toEqual({
      kind: 'unknown',
      why: 'not seen: bytes 32,769 to 32,773',
    });
    const disk = { ...CONTENTS['mbr-disk'].file, mbr: null };
    const inside = { file, guest: { kind: 'read', facts: disk } } as const;
    expect(verdictOf('nova', '2026.2', 'qcow2', inside)).toMatchObject({
      kind: 'unknown',
      why: expect.stringContaining('not seen of the disk inside: the first fault') as unknown,
    });
  });

  it('does not matter where every possibility ends alike', () => {
    const unsafe = { ...CONTENTS.ntfs.file, 'iso-signature': null };
    // It is gpt and fails, or gpt and iso, and iso is not raw.
    expect(nova('raw', { file: unsafe, guest: { kind: 'none' } }, '2026.2')).not.toBe('unknown');
  });
});
