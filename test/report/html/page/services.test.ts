import { describe, expect, it } from 'vitest';

import { readFilter } from '../../../../src/report/html/images/query.ts';
import { servicesSection } from '../../../../src/report/html/page/services.ts';
import { filterWords } from '../../../../src/report/words/service-lines.ts';
import { decided, HEADER, reportOf, row, summaryOf } from '../../made-images.ts';
import {
  ACCEPTED,
  MBR,
  MISMATCH,
  NO_WORD,
  ONE,
  ONE_RELEASE,
  prediction,
  TITLES,
  TWO,
  TWO_RELEASES,
  UNKNOWN,
} from '../../made-services.ts';
import { bodyText } from '../made-report.ts';

const drawn = (summary: typeof ONE_RELEASE, asked: typeof ONE | typeof TWO) =>
  servicesSection(reportOf(summary, { header: { ...HEADER, ...asked }, serviceTitles: TITLES }));

describe('what the services do', () => {
  it('with one release: a table of services, refusals by check with what to do, what is not known', () => {
    const section = drawn(ONE_RELEASE, ONE);
    expect(section).toMatchObject({ id: 'services', title: 'OpenStack 2025.2', badge: '11' });
    const text = bodyText(section);
    expect(text).toContain('service refused unknown accepted Nova 11 – 7 Cinder – 18 –');
    expect(text).toContain('The bytes tell: plan --probe all with --store-path DIR or --image-api URL');
    expect(text).toContain(
      'Nova comparison 7 images 6: declared qcow2, found to be gpt upload the same bytes as raw / bare for example wrong , wrong 1: declared vmdk, found to be gpt upload the same bytes as raw / bare for example other',
    );
    expect(text).toContain('Nova mbr (safety) 4 images the partition table is not sound for example mbr , mbr');
    expect(text).toContain(
      'Not known By service service images why for example Cinder 17 the bytes were not read fine , fine',
    );
    expect(text).not.toContain('stays refused');
  });

  it('with two: what becomes of the images, what works today and will be refused first', () => {
    const section = drawn(TWO_RELEASES, TWO);
    expect(section).toMatchObject({ title: 'OpenStack 2024.2 to 2025.2', badge: '3' });
    const text = bodyText(section);
    expect(text).toContain('service will be refused stays refused unknown will work stays accepted Nova 3 5 6 2 4');
    const titles = [
      'Accepted in 2024.2, refused in 2025.2',
      'Refused in 2025.2; in 2024.2 not known',
      'Refused in 2024.2 and in 2025.2',
      'Not known',
      'Refused in 2024.2, accepted in 2025.2',
    ];
    const places = titles.map((title) => text.indexOf(title));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(text).toContain('Nova 2 comparison works , works');
  });

  it('one image is an image', () => {
    const summary = summaryOf([[row({}), decided({ services: [prediction('nova', MBR)] })]]);
    expect(bodyText(drawn(summary, ONE))).toContain('Nova mbr (safety) 1 image the partition');
  });

  it('every remedy is listed', () => {
    const summary = summaryOf([[row({}), decided({ services: [prediction('nova', NO_WORD)] })]]);
    expect(bodyText(drawn(summary, ONE))).toContain(
      'the word vhd is not known convert it: qemu-img convert -O qcow2, and upload the result as qcow2 set [image_format]gpt_safety_checks_nonfatal = mbr for example',
    );
  });

  it('a long list is folded after 15 lines, and whole', () => {
    const many = summaryOf(
      Array.from({ length: 40 }, (_, index) => [
        row({}),
        decided({ services: [prediction('nova', { ...MBR, check: `c${index}` })] }),
      ]),
    );
    const section = drawn(many, ONE);
    expect(bodyText(section)).toContain('25 more');
    expect(bodyText(section).match(/c\d+ \(safety\)/g)).toHaveLength(40);
  });

  it('is nothing where no service was asked', () => {
    expect(drawn(summaryOf([[row({}), decided()]]), ONE)).toBeNull();
  });
});

it.each([
  ['one release', ONE, [prediction('nova', MBR), prediction('glance', UNKNOWN), prediction('cinder', ACCEPTED)]],
  [
    'two releases',
    TWO,
    [
      prediction('nova', MBR, ACCEPTED),
      prediction('glance', MBR, MISMATCH),
      prediction('cinder', ACCEPTED, MISMATCH),
      prediction('ironic', MBR, UNKNOWN),
      prediction('ironic-agent', UNKNOWN, ACCEPTED),
      prediction('glance-conversion', ACCEPTED, ACCEPTED),
    ],
  ],
] as const)('every figure leads to the images that it counts: %s', (_, asked, services) => {
  const section = drawn(summaryOf([[row({}), decided({ services })]]), asked);
  const links = [...(section?.body.toString() ?? '').matchAll(/data-filter="([^"]*)">1</g)].map(
    ([, filter = '']) => readFilter(filter.replaceAll('&amp;', '&')).facets.service ?? '',
  );
  const found = services.flatMap((each) => filterWords(each, TITLES[each.service] ?? each.service));
  expect(links.toSorted()).toEqual(found.toSorted());
});
