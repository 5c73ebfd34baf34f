import { describe, expect, it } from 'vitest';
import {
  GATE_CODES,
  gateExitCode,
  type GateReason,
  type GateResult,
  type GateService,
} from '../../../src/model/gate.ts';
import { gateRecord } from '../../../src/report/records/command-records.ts';
import { renderGate } from '../../../src/report/terminal/gate.ts';
import { textWidth } from '../../../src/report/words/text-width.ts';
import { HEADER, NASTY } from '../made-images.ts';

function result(reasons: readonly GateReason[], fields: Partial<GateResult> = {}): GateResult {
  return {
    reasons,
    notes: [],
    images: 1_200,
    undecided: 3,
    left: 0,
    verified: 'yes',
    nodes: [],
    services: [],
    ...fields,
  };
}

const AT = { ...HEADER, database: 'db' };

const reason = (code: GateReason['code'], fields: Partial<GateReason> = {}): GateReason => ({
  code,
  text: 'the text',
  count: null,
  details: [],
  ...fields,
});

const NAMED = { ...AT, openstack: 'B', openstack_before: 'A', nova_backend: 'flat' };

function nova(why: string): GateService {
  const counts = { accepted: 1_900, refused: 5, refusedToday: 2, unknown: 1_200 };
  return { service: 'nova', part: 'required', ...counts, unknownBecause: [{ why, count: 1_200 }] };
}

describe('what gate says', () => {
  it('is ready without a reason', () => {
    const text = renderGate(result([]), AT, { width: 80, colour: 'plain' });
    expect(text).toBe(
      'Ready: the cutover may go on.\n\n1,200 images read in db, 3 undecided, compared with what is stored.\n',
    );
    expect(gateRecord(result([]), HEADER)).toMatchObject({ ready: true, exit_code: 0, reasons: [], verified: true });
  });

  it('names every reason with its count, samples and what to do', () => {
    const details = [{ text: 'raw-bare-1: why', count: 1_684, sampleIds: ['i1', 'i2', 'i3'] }];
    const text = renderGate(
      result([reason('UNDECIDED', { count: 1_684, details }), reason('LEASE')], { notes: ['4 left'], verified: 'no' }),
      AT,
      { width: 80, colour: 'plain' },
    );
    expect(text.split('\n')).toEqual([
      'Not ready, for 2 reasons: UNDECIDED, LEASE.',
      '',
      '1,200 images read in db, 3 undecided, not compared with what is stored.',
      'Note: 4 left.',
      '',
      'UNDECIDED: images are undecided (1,684)',
      '  - 1,684  raw-bare-1: why',
      '    for example i1, i2',
      '  → answer the questions (`glance-retype plan --questions FILE`, `glance-retype',
      '    questions FILE`) and migrate with --answers FILE',
      '',
      'LEASE: a runner is working',
      '  the text.',
      '  → wait until it ends; `glance-retype status` shows its progress',
      '',
    ]);
  });

  it('says what the services of the named release do, and what helps where they refuse', () => {
    const remedies = [
      { kind: 'word', diskFormat: 'qcow2', containerFormat: 'bare' },
      { kind: 'conversion', to: 'raw' },
    ] as const;
    const details = [{ text: 'nova, check mbr: no partition', count: 3, sampleIds: ['i1'], remedies }];
    const services: readonly GateService[] = [
      nova('not read'),
      { ...nova('not read'), service: 'cinder', part: 'shown', refusedToday: 0, unknown: 0, unknownBecause: [] },
      {
        ...nova('a'),
        service: 'glance',
        refused: 0,
        refusedToday: 0,
        unknownBecause: [
          { why: 'a', count: 2 },
          { why: 'b', count: 1 },
        ],
      },
    ];
    const told = result([reason('SERVICES_REFUSE', { count: 3, details })], { services });
    expect(renderGate(told, NAMED, { width: 80, colour: 'plain' }).split('\n').slice(4)).toEqual([
      'OpenStack A to B, Nova backend flat',
      '  nova    accepts 1,900, refuses 5 (2 also in A), not known for 1,200 (not read)',
      '  cinder  accepts 1,900, refuses 5, not required',
      '  glance  accepts 1,900, refuses 0, not known for 1,200 (mostly: a)',
      '',
      'SERVICES_REFUSE: a service of the named release refuses images (3)',
      '  - 3  nova, check mbr: no partition',
      '    for example i1',
      '    → upload the same bytes as qcow2 / bare',
      '    or convert it: qemu-img convert -O raw, and upload the result as raw',
      expect.stringMatching(/^ {2}→ do what helps/u),
      expect.any(String),
      '',
    ]);
    // Without --openstack it says nothing about services.
    for (const header of [AT, NAMED])
      expect(renderGate(result([]), header, { width: 80, colour: 'plain' })).not.toMatch(/OpenStack|nova/u);
  });

  it('exits with 7 for a difference, with 4 for everything else', () => {
    const exits = GATE_CODES.map((code) => gateExitCode(result([reason('UNDECIDED'), reason(code)])));
    expect(GATE_CODES.filter((_, index) => exits[index] === 7)).toEqual([
      'DRIFT',
      'FOREIGN_VALUES',
      'RECORDS_ALTERED',
      'NODES_DIFFER',
    ]);
    expect(new Set(exits)).toEqual(new Set([4, 7]));
  });

  it.each([80, 100])('lets nothing through to a terminal of %i columns', (width) => {
    const details = NASTY.map((text) => ({ text, count: 1, sampleIds: [text] }));
    const nodes = NASTY.map((name) => ({ name, disk: [name], container: [], diskPlace: name, containerPlace: null }));
    const nasty = result(
      NASTY.map((text) => reason('CONF_FORMATS', { text, details })),
      { notes: [...NASTY], nodes, services: NASTY.map(nova) },
    );
    for (const colour of ['plain', 'ansi'] as const) {
      const drawn = renderGate(nasty, { ...NAMED, database: '\u001b[2J' }, { width, colour });
      // oxlint-disable-next-line no-control-regex -- escape sequences are the subject
      const bare = drawn.replaceAll(/\u001b\[[\d;]*m/g, '');
      // oxlint-disable-next-line no-control-regex -- as above
      expect(bare).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202e\ufeff]/);
      for (const line of bare.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
    }
  });
});
