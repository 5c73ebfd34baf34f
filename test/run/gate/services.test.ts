import { describe, expect, it } from 'vitest';

import { type CountedService, gateServices, serviceReason } from '../../../src/run/gate/services.ts';

type Refusal = CountedService['refusals'][number];

/** One check that refuses images for one reason. */
function refusal(check: string, count: number, before: Refusal['before'] = null): Refusal {
  const remedies = [{ kind: 'conversion', to: 'raw' }] as const;
  const reasons = [{ why: `why ${check}`, remedies, count, sampleIds: [`${check}-1`] }];
  return { before, step: check === 'qemu-img' ? check : 'safety', check, count, reasons };
}

function service(name: string, refusals: readonly Refusal[], fields: Partial<CountedService> = {}): CountedService {
  const refused = refusals.reduce((total, { count }) => total + count, 0);
  return { service: name, accepted: 10, refused, unknown: 0, refusals, unknowns: [], ...fields };
}

const NOVA = new Set(['nova']);

describe('the services in gate', () => {
  it('are no reason where they accept all images, or where too little was seen to tell', () => {
    const unknowns = [{ why: 'the bytes were not read', count: 7 }];
    const open = service('nova', [], { unknown: 7, unknowns });
    expect(serviceReason([], NOVA, null)).toBeNull();
    expect(serviceReason([open], NOVA, null)).toBeNull();
    expect(gateServices([open], NOVA)).toEqual([
      {
        service: 'nova',
        part: 'required',
        accepted: 10,
        refused: 0,
        refusedToday: 0,
        unknown: 7,
        unknownBecause: unknowns,
      },
    ]);
  });

  it('are a reason where a required one refuses images: by check, biggest first, with what helps', () => {
    const counted = [
      service('nova', [refusal('mbr', 2), refusal('qemu-img', 30)]),
      service('glance', [refusal('x', 9)]),
    ];
    expect(serviceReason(counted, NOVA, null)).toEqual({
      code: 'SERVICES_REFUSE',
      text: 'nova refuses 32 images',
      count: 32,
      details: [
        {
          text: 'nova, step qemu-img: why qemu-img',
          count: 30,
          sampleIds: ['qemu-img-1'],
          remedies: [{ kind: 'conversion', to: 'raw' }],
        },
        {
          text: 'nova, check mbr: why mbr',
          count: 2,
          sampleIds: ['mbr-1'],
          remedies: [{ kind: 'conversion', to: 'raw' }],
        },
      ],
    });
    expect(gateServices(counted, NOVA).map(({ service: name, part }) => `${name} ${part}`)).toEqual([
      'nova required',
      'glance shown',
    ]);
    expect(serviceReason(counted, new Set(['glance', 'nova']), null)).toMatchObject({
      text: 'nova refuses 32 images, glance refuses 9 images',
      count: 41,
    });
    expect(serviceReason(counted, new Set(['cinder']), null)).toBeNull();
  });

  it('of two releases, only what today accepts or may accept is a reason', () => {
    const refusals = [refusal('a', 3, 'accepted'), refusal('b', 5, 'refused'), refusal('c', 1, 'unknown')];
    const counted = [service('nova', refusals)];
    expect(serviceReason(counted, NOVA, '2024.1')).toMatchObject({
      text: 'nova refuses 4 images',
      count: 4,
      details: [
        { text: 'nova, check a, accepted in 2024.1: why a', count: 3 },
        { text: 'nova, check c, unknown in 2024.1: why c', count: 1 },
      ],
    });
    expect(gateServices(counted, NOVA)).toMatchObject([{ refused: 9, refusedToday: 5 }]);
    expect(serviceReason([service('nova', [refusal('b', 5, 'refused')])], NOVA, '2024.1')).toBeNull();
  });

  it('show five details and count the rest in one more, those of no detail of their own too', () => {
    const refusals = Array.from({ length: 7 }, (_, n) => refusal(`check-${n}`, 10 - n));
    const found = serviceReason([service('nova', refusals, { refused: 50 })], NOVA, null);
    expect(found?.details.map(({ count }) => count)).toEqual([10, 9, 8, 7, 6, 10]);
    expect(found?.details.at(-1)).toEqual({ text: 'for further reasons', count: 10, sampleIds: [] });
    const one = service('nova', [refusal('mbr', 1)]);
    expect(serviceReason([one], NOVA, null)).toMatchObject({ text: 'nova refuses 1 image', details: [{ count: 1 }] });
  });
});
