import { describe, expect, it } from 'vitest';

import {
  checkText,
  effectTitle,
  SERVICE_EFFECTS,
  serviceLines,
  shortRemedy,
  titleOf,
  transitionLine,
  unknownHint,
} from '../../../src/report/words/service-lines.ts';
import { decided, HEADER, reportOf, row, summaryOf } from '../made-images.ts';
import {
  ACCEPTED,
  AS_RAW,
  MBR,
  MISMATCH,
  ONE,
  ONE_RELEASE,
  OPTION,
  prediction,
  TITLES,
  TO_QCOW2,
  TWO,
  TWO_RELEASES,
  UNKNOWN,
} from '../made-services.ts';

const told = (summary: typeof ONE_RELEASE) =>
  serviceLines(summary).map(({ effect, service, by, count }) => [effect, service, by?.check ?? null, count]);

describe('the lines about services', () => {
  it('come by harm: what will be refused, what is refused, what is not known, what will work', () => {
    expect(told(TWO_RELEASES)).toEqual([
      ['will-be-refused', 'nova', 'mbr', 3],
      ['refused', 'nova', 'mbr', 1],
      ['stays-refused', 'nova', 'comparison', 5],
      ['unknown', 'nova', null, 5],
      ['will-work', 'nova', 'comparison', 2],
    ]);
  });

  it('of one release come in the order of the table, and of one service the biggest first', () => {
    const summary = summaryOf([
      [row({}), decided({ services: [prediction('nova', MBR), prediction('glance', ACCEPTED)] }), 2],
      [row({}), decided({ services: [prediction('nova', MISMATCH), prediction('glance', MISMATCH)] }), 3],
      [row({}), decided({ services: [prediction('nova', UNKNOWN), prediction('glance', MISMATCH)] }), 4],
    ]);
    expect(told(summary)).toEqual([
      ['refused', 'nova', 'comparison', 3],
      ['refused', 'nova', 'mbr', 2],
      ['refused', 'glance', 'comparison', 7],
      ['unknown', 'nova', null, 4],
    ]);
  });

  it('have titles that name the releases', () => {
    expect(SERVICE_EFFECTS.map((effect) => effectTitle(effect, TWO))).toEqual([
      'Accepted in 2024.2, refused in 2025.2',
      'Refused in 2025.2; in 2024.2 not known',
      'Refused in 2024.2 and in 2025.2',
      'Not known',
      'Refused in 2024.2, accepted in 2025.2',
    ]);
    expect(effectTitle('refused', ONE)).toBe('Refused');
  });
});

it('a service goes by the title of the table, else by its key', () => {
  expect(titleOf('nova', TITLES)).toBe('Nova');
  expect(titleOf('zun', TITLES)).toBe('zun');
  expect(titleOf('constructor', TITLES)).toBe('constructor');
});

it('a check is named with its step, where that has another name', () => {
  expect([checkText(MBR), checkText(MISMATCH)]).toEqual(['mbr (safety)', 'comparison']);
});

it('a remedy has a short form for tables', () => {
  expect([AS_RAW, TO_QCOW2, OPTION].map(shortRemedy)).toEqual([
    'upload as raw / bare',
    'convert to qcow2',
    '[image_format]gpt_safety_checks_nonfatal = mbr',
  ]);
});

describe('the line of the verdict', () => {
  const line = (summary: typeof ONE_RELEASE, asked: typeof ONE | typeof TWO): string =>
    transitionLine(reportOf(summary, { header: { ...HEADER, ...asked }, serviceTitles: TITLES }));

  it('says what will be refused, by service', () => {
    expect(line(TWO_RELEASES, TWO)).toBe('OpenStack 2025.2 will refuse what works in 2024.2: Nova 3 images.');
    const both = [prediction('nova', MBR, ACCEPTED), prediction('glance', MISMATCH, ACCEPTED)];
    expect(line(summaryOf([[row({}), decided({ services: both })]]), TWO)).toBe(
      'OpenStack 2025.2 will refuse what works in 2024.2: Nova 1 image, Glance 1 image.',
    );
  });

  it('claims that nothing is lost only where everything is known', () => {
    const known = summaryOf([[row({}), decided({ services: [prediction('nova', ACCEPTED, MBR)] })]]);
    expect(line(known, TWO)).toBe('OpenStack 2025.2 refuses nothing that works in 2024.2.');
    const unknown = summaryOf([[row({}), decided({ services: [prediction('nova', UNKNOWN, ACCEPTED)] }), 2]]);
    expect(line(unknown, TWO)).toBe(
      'OpenStack 2025.2 refuses nothing that is known to work in 2024.2; up to 2 images are not known.',
    );
  });

  it('is empty for one release, and where no service was asked', () => {
    expect(line(ONE_RELEASE, ONE)).toBe('');
    expect(line(summaryOf([[row({}), decided()]]), TWO)).toBe('');
  });
});

it('what is not known comes with the way to learn it, unless every image was looked into', () => {
  const hint = (summary: typeof ONE_RELEASE, probe: string): string =>
    unknownHint(reportOf(summary, { header: { ...HEADER, probe } }));
  expect(hint(ONE_RELEASE, 'off')).toBe('The bytes tell: plan --probe all with --store-path DIR or --image-api URL');
  expect(hint(ONE_RELEASE, 'undecided')).toContain('--probe all');
  expect(hint(ONE_RELEASE, 'all')).toBe('');
  const known = summaryOf([[row({}), decided({ services: [prediction('nova', MBR)] })]]);
  expect(hint(known, 'off')).toBe('');
});
