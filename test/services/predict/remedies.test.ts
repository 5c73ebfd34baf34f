import { describe, expect, it } from 'vitest';
import type { ServiceRemedy } from '../../../src/model/service-prediction.ts';
import { CONTENTS, type ContentName } from '../contents.ts';
import { RELEASES, TABLE, verdictOf, WORDS } from '../predictions.ts';

const SERVICES = [...TABLE.services.keys()];

function remedies(service: string, release: string, word: string, content: ContentName, container = 'bare'): string {
  const verdict = verdictOf(service, release, word, CONTENTS[content], { containerFormat: container });
  if (verdict.kind !== 'refused') return verdict.kind;
  return verdict.remedies.map(textOf).join(' | ') || 'none';
}

function textOf(remedy: ServiceRemedy): string {
  switch (remedy.kind) {
    case 'word':
      return `word ${remedy.diskFormat}/${remedy.containerFormat}`;
    case 'conversion':
      return `convert ${remedy.to}`;
    case 'option':
      return `${remedy.option} = ${remedy.value}`;
  }
}

const PERMITTED = '[conductor]permitted_image_formats = raw, gpt, qcow2, iso';
const CONDUCTOR = '[conductor]disable_deep_image_inspection = True';
const DEEP = '[workarounds]disable_deep_image_inspection = True';

describe('what would make a service take an image', () => {
  it.each([
    ['nova', '2026.2', 'raw', 'qcow2', `word qcow2/bare | convert raw | convert qcow2 | ${DEEP}`],
    ['nova', '2026.2', 'gpt', 'mbr-disk', `word raw/bare | convert qcow2 | ${DEEP}`],
    ['nova', '2026.2', 'vhd', 'vhd-dynamic', `convert raw | convert qcow2 | ${DEEP}`],
    ['nova', '2026.2', 'raw', 'ntfs', DEEP],
    ['nova', '2026.2', 'qcow2', 'qcow2-of-ntfs', DEEP],
    ['nova', '2026.2', 'qcow2', 'qcow2-extended-l2', `convert raw | convert qcow2 | ${DEEP}`],
    ['nova', '2026.2', 'luks', 'luks-1', 'none'],
    ['nova', '2026.2', 'qcow2', 'qcow2-encrypted', 'none'],
    ['nova', '2026.2', 'raw', 'plain-iso', `word iso/bare | ${DEEP}`],
    ['glance', '2026.2', 'raw', 'ntfs', '[image_format]gpt_safety_checks_nonfatal = mbr'],
    [
      'glance',
      '2026.2',
      'vmdk',
      'qcow2',
      'word qcow2/bare | convert raw | convert qcow2 | [image_format]require_image_format_match = False',
    ],
    ['glance', '2026.2', 'aki', 'ntfs', 'word aki/aki | [image_format]require_image_format_match = False'],
    ['glance', '2025.1', 'aki', 'ntfs', 'word aki/aki | [image_format]require_image_format_match = False'],
    ['cinder', '2026.2', 'gpt', 'mbr-disk', 'word raw/bare | convert qcow2'],
    ['cinder', '2026.2', 'vhd', 'vhd-dynamic', 'convert raw | convert qcow2'],
    ['ironic', '2026.2', 'vmdk', 'vmdk-sparse', `convert raw | convert qcow2 | ${PERMITTED}, vmdk | ${CONDUCTOR}`],
    ['ironic', '2026.2', 'raw', 'qcow2', `word qcow2/bare | convert raw | convert qcow2 | ${CONDUCTOR}`],
  ] as const)('%s %s, %s over %s: %s', (service, release, word, content, expected) => {
    expect(
      remedies(service, release, word, content).startsWith(expected) || remedies(service, release, word, content),
    ).toBe(true);
  });

  it.each(['qcow2-backing-file', 'qcow2-data-file', 'qcow2-with-55-aa', 'vmdk-odd-line'] as const)(
    'is nothing for %s, which may harm a host',
    (content) => {
      for (const service of SERVICES) {
        for (const word of WORDS)
          expect(remedies(service, '2026.2', word, content)).toMatch(/^(none|accepted|unknown)$/u);
      }
    },
  );

  it('is nothing where the bytes were not read', () => {
    for (const service of SERVICES) {
      for (const word of WORDS) {
        const verdict = verdictOf(service, '2026.2', word, null);
        if (verdict.kind === 'refused') expect(verdict.remedies).toEqual([]);
      }
    }
  });

  it('is never a word that the service or Glance refuses, nor one for other content', () => {
    for (const content of Object.keys(CONTENTS) as ContentName[]) {
      for (const release of RELEASES) {
        for (const service of SERVICES) {
          for (const word of WORDS) {
            const verdict = verdictOf(service, release, word, CONTENTS[content]);
            if (verdict.kind !== 'refused') continue;
            for (const remedy of verdict.remedies) {
              if (remedy.kind !== 'word') continue;
              const row = { containerFormat: remedy.containerFormat };
              for (const judge of [service, 'glance']) {
                const then = verdictOf(judge, release, remedy.diskFormat, CONTENTS[content], row);
                expect([content, release, judge, remedy.diskFormat, then.kind]).toEqual([
                  content,
                  release,
                  judge,
                  remedy.diskFormat,
                  'accepted',
                ]);
              }
              expect(['ami', 'gpt', 'luks']).not.toContain(remedy.containerFormat === 'bare' ? remedy.diskFormat : '');
            }
          }
        }
      }
    }
  });
});
