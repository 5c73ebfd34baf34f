import { describe, expect, it } from 'vitest';

import { servicesPart, servicesSection } from '../../../../src/report/terminal/plan/services.ts';
import { textWidth } from '../../../../src/report/words/text-width.ts';
import { decided, HEADER, NASTY, reportOf, row, summaryOf } from '../../made-images.ts';
import {
  MBR,
  MISMATCH,
  NO_WORD,
  ONE,
  ONE_RELEASE,
  OPTION,
  prediction,
  TITLES,
  TWO,
  TWO_RELEASES,
} from '../../made-services.ts';

const PLAIN = { width: 80, colour: 'plain' } as const;

const report = (summary: typeof ONE_RELEASE, asked: typeof ONE | typeof TWO) =>
  reportOf(summary, { header: { ...HEADER, ...asked }, serviceTitles: TITLES });

describe('what the services do', () => {
  it('with one release: counts, refusals by check with what to do, then what is not known', () => {
    expect(servicesSection(report(ONE_RELEASE, ONE), PLAIN))
      .toBe(`OpenStack 2025.2: what the services do (Nova backend: qcow2)
  service  accepted  refused  unknown
  Nova            7       11        0
  Cinder          0        0       18

  Refused
  7  Nova: comparison
     6 of them: declared qcow2, found to be gpt
       upload the same bytes as raw / bare
       for example wrong
     1 of them: declared vmdk, found to be gpt
       upload the same bytes as raw / bare
       for example other
  4  Nova: mbr (safety): the partition table is not sound
     for example mbr

  Not known
  17  Cinder: the bytes were not read
      for example fine
   1  Cinder: the guest was not read
      for example other

  The bytes tell: plan --probe all with --store-path DIR or --image-api URL`);
  });

  it('with two releases: what becomes of the images, what works today and will be refused first', () => {
    expect(servicesSection(report(TWO_RELEASES, TWO), PLAIN))
      .toBe(`OpenStack 2024.2 to 2025.2: what the services do (Nova backend: qcow2)
  service  will be refused  stay refused  will work  stay accepted  unknown
  Nova                   3             5          2              4        6

  Accepted in 2024.2, refused in 2025.2
  3  Nova: mbr (safety): the partition table is not sound
     for example breaks

  Refused in 2025.2; in 2024.2 not known
  1  Nova: mbr (safety): the partition table is not sound
     for example was-unseen

  Refused in 2024.2 and in 2025.2
  5  Nova: comparison: declared qcow2, found to be gpt
     upload the same bytes as raw / bare
     for example refused

  Not known
  5  Nova: the bytes were not read
     for example unseen

  Refused in 2024.2, accepted in 2025.2
  2  Nova: comparison
     for example works

  The bytes tell: plan --probe all with --store-path DIR or --image-api URL`);
  });

  it('all remedies are named, best first, in whole words', () => {
    const summary = summaryOf([[row({ id: 'i' }), decided({ services: [prediction('nova', NO_WORD)] })]]);
    expect(servicesSection(report(summary, ONE), { ...PLAIN, width: 60 })).toContain(`
  1  Nova: word: the word vhd is not known
     convert it: qemu-img convert -O qcow2, and upload the
     result as qcow2; or set
     [image_format]gpt_safety_checks_nonfatal = mbr
     for example i`);
  });

  it('lists are bounded, and say how many more there are', () => {
    const summary = summaryOf(
      Array.from({ length: 20 }, (_, index) => [
        row({}),
        decided({
          services: [
            prediction('glance', { ...MISMATCH, why: `w${index}` }),
            prediction('nova', { ...MBR, check: `c${index}` }),
          ],
        }),
      ]),
    );
    const text = servicesSection(report(summary, ONE), PLAIN);
    expect(text.match(/ of them: /g)).toHaveLength(5);
    expect(text).toContain('\n      and 15 more, see --json\n');
    expect(text.match(/Nova: c\d+ \(safety\)/g)).toHaveLength(11);
    expect(text).toContain('\n  and 9 more, see --json');
  });

  it('is nothing where no service was asked', () => {
    const nothing = report(summaryOf([[row({}), decided()]]), ONE);
    expect([servicesSection(nothing, PLAIN), servicesPart(nothing)]).toEqual(['', null]);
  });

  it.each(NASTY)('%j in an id, a reason or a title is text only, and widths hold', (nasty) => {
    const verdict = { ...MBR, why: nasty, check: nasty };
    const summary = summaryOf([[row({ id: nasty }), decided({ services: [prediction(nasty, verdict)] })]]);
    const text = servicesSection({ ...report(summary, ONE), serviceTitles: { [nasty]: nasty } }, PLAIN);
    expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202E\u2028\u2029\uFEFF]/u);
    for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(80);
  });
});

describe('on one screen', () => {
  it('a check is a line, with what to do before the reason; what is not known of a service is a line', () => {
    const part = servicesPart(report(ONE_RELEASE, ONE));
    expect(part).toMatchObject({ title: 'OpenStack 2025.2: what the services do', count: 3, hint: '' });
    expect(part?.draw(3, { ...PLAIN, width: 120 }).split('\n')).toEqual([
      ' 7  Nova    refused  comparison: upload as raw / bare; declared qcow2, found to be gpt, and 1 more',
      ' 4  Nova    refused  mbr (safety): the partition table is not sound',
      '18  Cinder  unknown  the bytes were not read (plan --probe all tells)',
    ]);
    const probed = report(ONE_RELEASE, ONE);
    const all = servicesPart({ ...probed, header: { ...probed.header, probe: 'all' } });
    expect(all?.draw(3, PLAIN)).toMatch(/the bytes were not read$/);
  });

  it('an option comes behind the reason, because its name is long', () => {
    const verdict = { ...MBR, remedies: [OPTION] };
    const summary = summaryOf([[row({}), decided({ services: [prediction('nova', verdict)] })]]);
    expect(servicesPart(report(summary, ONE))?.draw(1, { ...PLAIN, width: 160 })).toBe(
      '1  Nova  refused  mbr (safety): the partition table is not sound; [image_format]gpt_safety_checks_nonfatal = mbr',
    );
  });

  it('the most harmful lines are those that have room', () => {
    expect(servicesPart(report(TWO_RELEASES, TWO))?.draw(2, PLAIN).split('\n')).toEqual([
      '3  Nova  will be refused  mbr (safety): the partition table is not sound',
      '1  Nova  refused          mbr (safety): the partition table is not sound',
    ]);
  });
});
