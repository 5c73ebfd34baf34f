import { describe, expect, it } from 'vitest';

import { requiredServices, unknownNotes } from '../../src/commands/gate-services.ts';
import type { GateService } from '../../src/model/gate.ts';
import { refusal } from './support/refusal.ts';

const KNOWN = ['nova', 'glance', 'cinder'];

describe('the services that must accept every image', () => {
  it('are nova, or those that are named', () => {
    expect([...requiredServices(undefined, KNOWN)]).toEqual(['nova']);
    expect([...requiredServices(['cinder', 'glance'], KNOWN)]).toEqual(['cinder', 'glance']);
  });

  it('must be named where a table of your own has no nova', () => {
    expect(refusal(() => requiredServices(undefined, ['zun']))).toEqual(['--must-accept', 'one of zun', 'nova']);
  });

  it.each([
    ['novaa', 'did you mean --must-accept nova?'],
    ['Glance', 'did you mean --must-accept glance?'],
    ['nova,cinder', 'did you mean --must-accept nova --must-accept cinder?'],
    ['swift', 'name one of these; the option may be repeated'],
  ])('are services of the table, which %s is not', (name, advice) => {
    const read = (): unknown => requiredServices(['nova', name], KNOWN);
    expect(refusal(read)).toEqual(['--must-accept', 'one of nova, glance, cinder', name]);
    expect(read).toThrow(advice);
  });
});

describe('a note about what is not known', () => {
  const service: GateService = {
    service: 'nova',
    part: 'required',
    accepted: 1,
    refused: 0,
    refusedToday: 0,
    unknown: 1_200,
    unknownBecause: [{ why: 'not read', count: 1_200 }],
  };

  it('is made for required services alone, and names the command that looks', () => {
    const others: readonly GateService[] = [
      { ...service, service: 'glance', part: 'shown' },
      { ...service, service: 'cinder', unknown: 0 },
    ];
    const known = 'what nova does with 1,200 images is not known (not read), which does not prevent the cutover';
    expect(unknownNotes([service, ...others], 'undecided', ' --openstack 2025.2')).toEqual([
      `${known}; \`glance-retype plan --openstack 2025.2 --probe all\` looks into them`,
    ]);
    // Where all were looked into, looking again tells nothing.
    expect(unknownNotes([service, ...others], 'all', ' --openstack 2025.2')).toEqual([known]);
  });
});
