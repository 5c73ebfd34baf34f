import { describe, expect, it } from 'vitest';

import type { Decision } from '../../../src/model/decision.ts';
import { NOTHING_SEEN } from '../../../src/model/inspection.ts';
import type { ServiceVerdict } from '../../../src/model/service-prediction.ts';
import type { Disposition } from '../../../src/model/vocabulary.ts';
import { createDecider } from '../../../src/rules/decide/decider.ts';
import { helpful } from '../../../src/rules/decide/foresee.ts';
import { createPredictor } from '../../../src/services/predict/create-predictor.ts';
import { CONTENTS, type ContentName } from '../../services/contents.ts';
import { TABLE } from '../../services/predictions.ts';
import { asKernel, decide, evidence, type Example, liveKernel, predict, table, typed } from '../evidence-builder.ts';

/** Bytes of which the services see this; the prober's own verdict says nothing beside. */
const seen = (content: ContentName): Example => typed('disk', 'raw', 'weak', { inspection: CONTENTS[content] });
const inRelease = (release: string, before: string | null = null) =>
  createDecider(table, createPredictor(TABLE, { release, before, novaBackend: 'qcow2' }));

function of(decision: Decision, service: string): ServiceVerdict | undefined {
  return decision.services.find((one) => one.service === service)?.verdict;
}
function short(verdict: ServiceVerdict | null | undefined): string {
  return verdict?.kind === 'refused' ? `refused:${verdict.check}` : (verdict?.kind ?? 'nothing');
}

describe('what Nova does today follows from its verdict, where predictions used to be wrong', () => {
  it.each<[string, ContentName | null, Disposition]>([
    // By the word alone.
    ['vhd', null, 'refuse'],
    ['gpt', null, 'refuse'],
    ['luks', null, 'refuse'],
    ['ploop', null, 'refuse'],
    // By the bytes.
    ['vhd', 'vhd-dynamic', 'refuse'],
    ['gpt', 'mbr-disk', 'refuse'],
    ['luks', 'luks-1', 'refuse'],
    ['raw', 'vhd-fixed-over-iso', 'refuse'],
    ['raw', 'ntfs', 'refuse'],
    ['raw', 'empty-mbr', 'refuse'],
    ['raw', 'mbr-disk', 'boot-disk'],
    ['raw', 'ext4', 'boot-disk'],
    ['qcow2', 'qcow2-extended-l2', 'refuse'],
    ['qcow2', 'qcow-version-1', 'refuse'],
    ['qcow2', 'qcow2-version-4', 'refuse'],
    ['qcow2', 'qcow2-version-2-with-byte-79', 'refuse'],
    ['ami', 'qcow2', 'refuse'],
    ['ami', 'ext4', 'boot-disk'],
    ['raw', 'ploop', 'refuse'],
    ['qcow2', 'qcow2', 'boot-disk'],
    ['qcow2', 'qcow2-of-ntfs', 'refuse'],
    ['qcow2', 'qcow2-of-qcow2', 'refuse'],
    ['qcow2', 'qcow2-encrypted', 'refuse'],
    ['raw', 'plain-iso', 'refuse'],
    ['iso', 'plain-iso', 'attach-cdrom'],
    ['qcow2', 'qcow2-with-55-aa', 'refuse'],
    ['raw', 'text-with-a-byte-above-7f', 'refuse'],
    ['qcow2', 'qcow2-of-104-bytes', 'refuse'],
    ['vhdx', 'vhdx-cut', 'refuse'],
  ])('%s over %s: %s', (word, content, expected) => {
    const decision = decide(evidence(word, 'bare', content === null ? {} : seen(content)));
    expect(decision.novaToday).toBe(expected);
    expect(decision.findings.includes('NOVA_REFUSES')).toBe(expected === 'refuse');
    expect(of(decision, 'nova')?.kind).toBe(expected === 'refuse' ? 'refused' : 'accepted');
  });

  it('is as the words say, where nothing was seen', () => {
    const unread: Example = { content: { kind: 'unread', why: 'gone' } };
    for (const content of [{}, unread, typed('disk', 'qcow2', 'certain', { inspection: NOTHING_SEEN })]) {
      const decision = decide(evidence('qcow2', 'bare', content));
      expect([decision.novaToday, of(decision, 'nova')?.kind]).toEqual(['boot-disk', 'unknown']);
      expect(decide(evidence('qcow2', 'compressed', content)).novaToday).toBe('refuse');
    }
    expect(decide(evidence('qcow2', 'compressed', seen('qcow2'))).novaToday).toBe('boot-disk');
  });
});

describe('which image a service looks at', () => {
  it('a root disk beside its own kernel, and not what serves as a kernel itself', () => {
    expect(decide(evidence('raw', 'bare', { ...liveKernel, ...seen('qcow2') })).novaToday).toBe('refuse');
    expect(decide(evidence('qcow2', 'bare', { ...liveKernel, ...seen('qcow2') })).novaToday).toBe('boot-with-kernel');
    const kernel = decide(evidence('raw', 'bare', { referencedBy: asKernel, ...seen('ntfs') }));
    expect(kernel.novaToday).toBe('use-as-kernel');
    expect(of(kernel, 'nova')).toEqual({ kind: 'accepted', basis: 'not-inspected' });
  });

  it('none without data', () => {
    for (const image of [{ status: 'queued' }, { deleted: true }]) {
      expect(decide(evidence('vhd', 'bare', { image, ...seen('vhd-dynamic') }))).toMatchObject({
        novaToday: 'refuse',
        services: [],
        findings: [],
      });
    }
  });
});

describe('two releases', () => {
  const both = inRelease('2024.2', '2024.1');
  it('give both verdicts, and what Nova does today is what it does in the first', () => {
    const ntfs = both(evidence('raw', 'bare', seen('ntfs')));
    const nova = ntfs.services.find(({ service }) => service === 'nova');
    expect([short(nova?.before), short(nova?.verdict)]).toEqual(['accepted', 'refused:mbr']);
    expect(ntfs.novaToday).toBe('boot-disk');
    expect(ntfs.findings).not.toContain('NOVA_REFUSES');
  });

  it('are null and one, where only one is asked', () => {
    for (const { before } of decide(evidence('raw', 'bare', seen('ntfs'))).services) expect(before).toBeNull();
  });
});

describe('predictions', () => {
  it('change nothing that is decided: only services, nova_today and the finding differ between releases', () => {
    const [old, now] = [inRelease('2024.1'), inRelease('2026.2')];
    let differ = 0;
    for (const content of Object.keys(CONTENTS) as ContentName[]) {
      for (const word of ['raw', 'qcow2', 'vhd', 'ami', 'iso']) {
        const image = evidence(word, 'bare', seen(content));
        const [a, b] = [old(image), now(image)];
        if (a.novaToday !== b.novaToday) differ += 1;
        const rest = (decision: Decision) => ({
          ...decision,
          services: null,
          novaToday: null,
          findings: decision.findings.filter((code) => code !== 'NOVA_REFUSES'),
        });
        expect(rest(a)).toEqual(rest(b));
      }
    }
    expect(differ).toBeGreaterThan(5);
  });
});

describe('what is suggested', () => {
  const remedies = (decision: Decision, service: string) => {
    const verdict = of(decision, service);
    return verdict?.kind === 'refused' ? verdict.remedies : [];
  };
  const AKI = { kind: 'word', diskFormat: 'aki', containerFormat: 'aki' };
  /** An x86 kernel: a boot sector without proper entries. */
  const bzImage = typed('kernel', 'raw', 'certain', { inspection: CONTENTS.ntfs });

  it('a disk that Nova refuses is converted', () => {
    const disk = typed('disk', 'vhd', 'certain', { inspection: CONTENTS['vhd-dynamic'] });
    expect(remedies(inRelease('2026.2')(evidence('vhd', 'bare', disk)), 'nova')).toContainEqual({
      kind: 'conversion',
      to: 'qcow2',
    });
  });

  it.each([
    ['2026.2', 'raw', 'bare'],
    ['2025.1', 'aki', 'bare'],
    ['2026.2', 'aki', 'bare'],
  ])('a kernel that Glance %s refuses as %s/%s becomes aki/aki, and is never converted', (release, disk, container) => {
    const decision = inRelease(release)(evidence(disk, container, bzImage));
    expect(short(of(decision, 'glance'))).toMatch(/^refused/u);
    const suggested = remedies(decision, 'glance');
    expect(suggested[0]).toEqual(AKI);
    expect(suggested.filter(({ kind }) => kind !== 'option')).toEqual([AKI]);
    expect(remedies(decision, 'cinder').filter(({ kind }) => kind !== 'option')).toEqual([]);
  });

  it.each([
    ['aki', 'aki', 'kernel'],
    ['aki', 'bare', 'kernel'],
    ['ari', 'ari', 'ramdisk'],
  ] as const)(
    '%s/%s that no image names is refused as a disk, and no other words are suggested: a %s is not looked at',
    (disk, container, type) => {
      const part = typed(type, 'raw', 'certain', { inspection: CONTENTS.ntfs });
      const decision = inRelease('2026.2')(evidence(disk, container, part));
      const verdict = of(decision, 'nova');
      expect(verdict).toMatchObject({
        kind: 'refused',
        check: 'mbr',
      });
      expect(verdict?.kind === 'refused' ? verdict.why : '').toMatch(
        new RegExp(`; as the ${type} of another image it is not looked at$`, 'u'),
      );
      for (const { service } of decision.services) {
        expect(remedies(decision, service)).not.toContainEqual({
          kind: 'word',
          diskFormat: disk,
          containerFormat: container,
        });
      }
      expect(remedies(decision, 'nova').map(({ kind }) => kind)).toEqual(['option']);
    },
  );

  it('a kernel inside a virtual disk is not called one', () => {
    const inside = typed('kernel', 'qcow2', 'certain', { inspection: CONTENTS['qcow2-of-ntfs'] });
    const decision = inRelease('2026.2')(evidence('raw', 'bare', inside));
    for (const { service } of decision.services) expect(remedies(decision, service)).not.toContainEqual(AKI);
  });

  it('no word that the service or Glance of that release refuses, for every content, word and type', () => {
    let looked = 0;
    for (const { name: release } of TABLE.releases) {
      const decider = inRelease(release);
      const ask = createPredictor(TABLE, { release, before: null, novaBackend: 'qcow2' });
      for (const content of Object.keys(CONTENTS) as ContentName[]) {
        for (const type of ['disk', 'kernel', 'ramdisk'] as const) {
          for (const word of ['raw', 'qcow2', 'gpt', 'vhd', 'aki', 'ari', 'ami']) {
            const bytes = CONTENTS[content];
            const decision = decider(evidence(word, 'bare', typed(type, 'raw', 'certain', { inspection: bytes })));
            for (const { service, verdict } of decision.services) {
              if (verdict.kind !== 'refused') continue;
              for (const remedy of verdict.remedies) {
                if (remedy.kind !== 'word') continue;
                looked += 1;
                const use = remedy.diskFormat === 'aki' || remedy.diskFormat === 'ari' ? 'boot-part' : 'root';
                const then = ask({ ...remedy, use, payload: 'bytes' }, bytes);
                const takes = (key: string) => then.find((one) => one.service === key)?.verdict.kind;
                expect([release, content, word, remedy.diskFormat, takes(service), takes('glance')]).toEqual([
                  release,
                  content,
                  word,
                  remedy.diskFormat,
                  'accepted',
                  'accepted',
                ]);
              }
            }
          }
        }
      }
    }
    expect(looked).toBeGreaterThan(500);
  });

  it('nothing where the bytes are dangerous', () => {
    const row = { diskFormat: 'raw', containerFormat: 'bare', use: 'root', payload: 'bytes' } as const;
    const predictions = predict(row, CONTENTS.qcow2);
    const [nova] = predictions;
    expect(nova?.verdict.kind === 'refused' && nova.verdict.remedies.length).toBeGreaterThan(1);
    expect(helpful(predictions, ['TRUNCATED'])).toBe(predictions);
    for (const { verdict } of helpful(predictions, ['POLYGLOT'])) {
      if (verdict.kind === 'refused') expect(verdict.remedies).toEqual([]);
    }
    const twoReleases = predictions.map((one) => ({ ...one, before: one.verdict }));
    for (const { before } of helpful(twoReleases, ['POLYGLOT'])) {
      if (before?.kind === 'refused') expect(before.remedies).toEqual([]);
    }
    const polyglot = typed('disk', 'raw', 'certain', { inspection: CONTENTS.qcow2, safety: ['POLYGLOT'] });
    expect(remedies(decide(evidence('raw', 'bare', polyglot)), 'nova')).toEqual([]);
  });
});
