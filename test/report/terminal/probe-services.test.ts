import { describe, expect, it } from 'vitest';

import type { ServicePrediction } from '../../../src/model/service-prediction.ts';
import { renderFileAnswer } from '../../../src/report/terminal/probe-services.ts';
import { textWidth } from '../../../src/report/words/text-width.ts';
import { NASTY } from '../made-images.ts';

const PLAIN = { width: 80, colour: 'plain' } as const;
const ONE = { release: 'B', before: null, novaBackend: 'flat' };
const TWO = { ...ONE, before: 'A' };

const PREDICTIONS: readonly ServicePrediction[] = [
  {
    service: 'nova',
    verdict: {
      kind: 'refused',
      step: 'safety',
      check: 'mbr',
      why: 'no partition',
      remedies: [
        { kind: 'conversion', to: 'qcow2' },
        { kind: 'option', option: '[workarounds]x', value: 'True' },
      ],
    },
    before: null,
  },
  { service: 'glance-conversion', verdict: { kind: 'accepted', basis: 'not-inspected' }, before: null },
  { service: 'cinder', verdict: { kind: 'unknown', why: 'the end was not read' }, before: null },
];

describe('what the services do with a file', () => {
  it('with a word: the verdict of each, why, and what helps, aligned', () => {
    const answer = { kind: 'verdicts', diskFormat: 'raw', containerFormat: 'bare', predictions: PREDICTIONS } as const;
    expect(renderFileAnswer({ answer, settings: ONE, titles: {} }, PLAIN).split('\n')).toEqual([
      '    OpenStack B, Nova backend flat: stored as raw/bare',
      '      nova               refused by the check mbr (safety): no partition',
      '                         to pass: convert it: qemu-img convert -O qcow2, and',
      '                         upload the result as qcow2',
      '                         or: set [workarounds]x = True',
      '      glance-conversion  accepted, not inspected',
      '      cinder             unknown: the end was not read',
    ]);
  });

  it('without a word: the disk formats that each accepts, and those of which too little was seen', () => {
    const unknown = [
      { diskFormat: 'vmdk', why: 'the end was not read' },
      { diskFormat: 'vhd', why: 'nor this' },
      { diskFormat: 'vdi', why: 'the end was not read' },
    ];
    const services = [
      { service: 'nova', now: { accepted: ['raw', 'ami'], unknown: [] }, before: null },
      { service: 'ironic', now: { accepted: [], unknown }, before: null },
    ];
    expect(
      renderFileAnswer(
        { answer: { kind: 'words', containerFormat: 'ovf', services }, settings: ONE, titles: {} },
        { ...PLAIN, width: 100 },
      ).split('\n'),
    ).toEqual([
      '    OpenStack B, Nova backend flat: accepted disk formats, in container ovf',
      '      nova    raw, ami',
      '      ironic  none; unknown: vmdk, vdi (the end was not read), vhd (nor this)',
    ]);
  });

  it('of two releases, both where they differ', () => {
    const raw = { accepted: ['raw'], unknown: [] };
    const services = [
      { service: 'nova', now: { accepted: [], unknown: [] }, before: raw },
      { service: 'glance', now: raw, before: raw },
    ];
    const answer = { kind: 'words', containerFormat: 'bare', services } as const;
    expect(renderFileAnswer({ answer, settings: TWO, titles: { nova: 'Nova' } }, PLAIN).split('\n')).toEqual([
      '    OpenStack A to B, Nova backend flat: accepted disk formats, in container',
      '    bare',
      '      Nova    A: raw',
      '              B: none',
      '      glance  both: raw',
    ]);
  });

  it.each([60, 100])('lets nothing through to a terminal of %i columns', (width) => {
    const predictions = NASTY.map((text): ServicePrediction => {
      return { service: 'nova', verdict: { kind: 'unknown', why: text }, before: null };
    });
    for (const text of NASTY) {
      const answer = { kind: 'verdicts', diskFormat: text, containerFormat: text, predictions } as const;
      const drawn = renderFileAnswer({ answer, settings: ONE, titles: {} }, { width, colour: 'plain' });
      // oxlint-disable-next-line no-control-regex -- escape sequences are the subject
      expect(drawn).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202e\ufeff]/);
      for (const line of drawn.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
    }
  });
});
