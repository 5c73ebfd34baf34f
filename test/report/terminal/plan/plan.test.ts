import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderPlan, verdictHead, verdictSection } from '../../../../src/report/terminal/plan/plan.ts';
import { textWidth } from '../../../../src/report/words/text-width.ts';
import {
  ambiguous,
  classification,
  decided,
  HEADER,
  NASTY,
  notApplicable,
  READ,
  reportOf,
  row,
  summaryOf,
  unmappable,
} from '../../made-images.ts';

const PLAIN = { width: 80, rows: null, colour: 'plain' } as const;

const MIXED = summaryOf([
  [row({}), decided(), 9_120],
  [
    row({ diskFormat: 'iso' }),
    decided({
      status: 'exact',
      classification: classification('iso9660', 'raw'),
      oneField: { format: 'iso' },
      disposition: 'attach-cdrom',
    }),
    1_204,
  ],
  [
    row({ diskFormat: 'raw', id: '4f0c7a1e-1d1c-4b57-9a53-3f4b9d2c1a10', name: 'web\u001b[2J\u202e 日本' }),
    ambiguous({
      rule: 'RAW-BARE',
      reason: 'every client writes raw/bare for a disk, a filesystem, a kernel, a ramdisk or an ISO alike',
      candidates: [classification('disk', 'raw'), classification('filesystem', 'raw'), classification('kernel', 'raw')],
      evidence: [{ kind: 'name', detail: 'the name looks like a root filesystem' }],
    }),
    2_204,
  ],
  [
    row({ diskFormat: 'raw' }),
    decided({
      classification: classification('kernel', 'raw'),
      oneField: { format: 'aki' },
      disposition: 'use-as-kernel',
    }),
  ],
  [row({ diskFormat: ' VPC', containerFormat: '' }), unmappable({ rule: 'WORD', findings: ['WORD_UNKNOWN'] }), 3],
  [
    row({ diskFormat: null, containerFormat: null }),
    notApplicable({ rule: 'QUEUED', reason: 'queued: nothing was uploaded' }),
    77,
  ],
  [
    row({ diskFormat: 'vmdk', containerFormat: 'ova' }),
    decided({
      classification: classification('disk', 'vmdk', 'ova'),
      oneField: { format: 'ova' },
      findings: ['KERNEL_MISSING'],
    }),
    40,
  ],
  [
    row({}),
    decided({
      rule: 'FS',
      classification: classification('filesystem', 'qcow2'),
      oneField: { format: null, why: 'no word for a filesystem in qcow2' },
      disposition: 'boot-with-kernel',
    }),
    25,
  ],
]);

describe('a mixed plan', () => {
  it('reads from the verdict down to the next command', () => {
    expect(renderPlan(reportOf(MIXED, { next: ['glance-retype plan --json plan.json'] }), PLAIN))
      .toBe(`Not ready: 2,207 of 12,597 images are undecided, 10,390 decided.
At the cutover 1,230 images will behave differently: 1,230 break.
Security: unknown, none of 12,597 images was looked into (to look: plan --probe
all with --store-path DIR or --image-api URL).
Nothing was written to the database.
migrate will take less than a minute for 12,674 rows. This is an estimate, at
50,000 to 5,000 rows a second; rehearse measures it on your server.

images          12,674
exact            1,204  9.4 %
inferred         9,186  72.4 %
ambiguous        2,204  17.3 %
unmappable           3  <0.1 %
not applicable      77  0.6 %  (77 queued: nothing was uploaded)
database        mysql://glance@db1/glance (MariaDB 10.11.6, Glance 2024.1)
rules           sha256:abc

What the images become
  images  disk_format  container_format  status          becomes
   9,120  qcow2        bare              inferred        disk/qcow2
      25                                 inferred        filesystem/qcow2
   2,204  raw          bare              ambiguous       disk/raw or 2 others
       1                                 inferred        kernel/raw
   1,204  iso          bare              exact           iso9660/raw
      77  NULL         NULL              not-applicable  -
      40  vmdk         ova               inferred        disk/vmdk in ova
       3  ' VPC'       ''                unmappable      -

Undecided: 2,207 images, 2 questions
  Answer them: plan --questions answers.yaml, then questions answers.yaml
  2,204  raw / bare  raw-bare-2fb364db
    could be     (disk, filesystem or kernel)/raw
    why          ambiguous, rule RAW-BARE: every client writes raw/bare for a
                 disk, a filesystem, a kernel, a ramdisk or an ISO alike
    seen         2,204 the name looks like a root filesystem
    resolve by   plan --probe undecided --store-path DIR; or a live kernel_id on
                 those that are filesystems; or images that name them as
                 kernel_id or ramdisk_id for those that are kernels or ramdisks;
                 or your answer to this question
    for example  4f0c7a1e-1d1c-4b57-9a53-3f4b9d2c1a10 "web\\x1b[2J\\u202e 日本"
  3  vpc / NULL  vpc-null-8ca2bf02
    could be     nothing that the model can name
    why          unmappable, rule WORD: the reason
    resolve by   plan --probe undecided --store-path DIR; or your answer to this
                 question, or an alias in a rules file that says what vpc is
    for example  00000000-0000-4000-8000-000000000001 "cirros"

Findings
  images  severity  finding
      40  error     KERNEL_MISSING: kernel_id or ramdisk_id names no live image
                    for example 00000000-0000-4000-8000-000000000001
       3  warning   WORD_UNKNOWN: a format word is unknown
                    for example 00000000-0000-4000-8000-000000000001

At the cutover
  1,230 of the 10,390 images decided will behave differently: 1,230 break.
  Breaks: 1,230 images used today, and afterwards not, or in another way
    1 image that Nova boots as a disk today will be used as a kernel
    1,204 images that Nova boots as a disk today will be attached as a CD-ROM
    25 images that Nova boots as a disk today will be booted with a kernel only

One field or two
  One field can say 10,365 of 10,390 images (99.7 %): qcow2 9,120, iso 1,204,
    ova 40, aki 1.
  One field loses 25: filesystem/qcow2 25 (no word for a filesystem in qcow2).
  Two fields need the envelope for 40: ova 40.

Next
  glance-retype plan --json plan.json
`);
  });

  it('is the same text in colour but for the escape sequences', () => {
    const ansi = renderPlan(reportOf(MIXED), { ...PLAIN, colour: 'ansi' });
    const plain = renderPlan(reportOf(MIXED), PLAIN);
    expect(plain).not.toContain('\u001b');
    expect(ansi).toContain('\u001b[1mFindings\u001b[0m');
    expect(stripVTControlCharacters(ansi)).toBe(plain);
  });
});

it('a database without images has a verdict and no empty sections', () => {
  expect(renderPlan(reportOf(summaryOf([]), { next: [] }), PLAIN)).toBe(`No images: there is nothing to decide.
Nothing was written to the database.

images          0
exact           0  -
inferred        0  -
ambiguous       0  -
unmappable      0  -
not applicable  0  -
database        mysql://glance@db1/glance (MariaDB 10.11.6, Glance 2024.1)
rules           sha256:abc
`);
});

it('the verdict says how things stand', () => {
  const verdict = (...images: Parameters<typeof summaryOf>[0]): string =>
    renderPlan(reportOf(summaryOf(images)), PLAIN).split('\n')[0] ?? '';
  expect([
    verdict([row({}), decided(), 1_500]),
    verdict([row({}), ambiguous(), 1_500]),
    verdict([row({}), unmappable()]),
    verdict([row({}), unmappable()], [row({}), decided()]),
    verdict([row({}), notApplicable()]),
  ]).toEqual([
    'Ready: all 1,500 images that can be classified are decided.',
    'Not ready: no image is decided, 1,500 are undecided.',
    'Not ready: no image is decided, 1 is undecided.',
    'Not ready: 1 of 2 images is undecided, 1 decided.',
    'None of 1 image has a payload: there is nothing to decide.',
  ]);
});

it('a plan in which nothing changes says so', () => {
  const text = renderPlan(reportOf(summaryOf([[row({}), decided(), 3]])), PLAIN);
  expect(text).toContain('\nAt the cutover nothing will behave differently.\n');
  expect(text).toContain('Nothing changes for the 3 images decided: each will be used as Nova uses it\n  today.');
  expect(text).toContain('One field loses nothing here.\n  Two fields lose nothing here.');
});

it('long lists are cut, and what is left out is counted', () => {
  const shared = unmappable();
  const text = renderPlan(
    reportOf(summaryOf(Array.from({ length: 2_100 }, (_, index) => [row({ diskFormat: `w${index}` }), shared]))),
    PLAIN,
  );
  expect(text).toContain('and 1,975 more (1,975 images), see --json');
  expect(text).toContain('and 100 images of further spellings, see --ndjson');
  expect(text).toContain('and 1,992 more groups (1,992 images), see --json');
  expect(text).toContain('and 100 images in further groups, see --ndjson');
  expect(text.split('\n').length).toBeLessThan(105);
});

it('whatever rows and rules hold, nothing reaches the terminal as a command and no table line is too long', () => {
  const images = NASTY.map(
    (text, index) =>
      [
        row({ id: `${index}${text}`, name: text.repeat(40), diskFormat: text, containerFormat: text }),
        index % 2 === 0
          ? ambiguous({ rule: `R${text}`, reason: text, findings: ['FS_NO_KERNEL'] })
          : notApplicable({ rule: text, reason: text }),
      ] as const,
  );
  for (const width of [40, 80, 200]) {
    const text = renderPlan(reportOf(summaryOf(images), { header: { ...HEADER, database: NASTY.join('') } }), {
      ...PLAIN,
      width,
    });
    expect(text).not.toMatch(/(?!\n)\p{Cc}|\p{Cs}|[\u202a-\u202e]/u);
    for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
  }
});

const WIDE = { width: 120, colour: 'plain' } as const;
const lines = (...images: Parameters<typeof summaryOf>[0]) =>
  verdictSection(reportOf(summaryOf(images)), WIDE).split('\n');

describe('the beginning of a plan', () => {
  it('has the verdict, the counts with shares, and what was looked at', () => {
    expect(lines([row({}), decided(), 3], [row({}), notApplicable({ reason: 'queued' })])).toEqual([
      'Ready: all 3 images that can be classified are decided.',
      'At the cutover nothing will behave differently.',
      'Security: unknown, none of 3 images was looked into (to look: plan --probe all with --store-path DIR or --image-api',
      'URL).',
      'Nothing was written to the database.',
      'migrate will take less than a minute for 4 rows. This is an estimate, at 50,000 to 5,000 rows a second; rehearse',
      'measures it on your server.',
      '',
      'images          4',
      'exact           0  0.0 %',
      'inferred        3  75.0 %',
      'ambiguous       0  0.0 %',
      'unmappable      0  0.0 %',
      'not applicable  1  25.0 %  (1 queued)',
      'database        mysql://glance@db1/glance (MariaDB 10.11.6, Glance 2024.1)',
      'rules           sha256:abc',
    ]);
  });

  it('says of security no more than was read', () => {
    const security = (...images: Parameters<typeof summaryOf>[0]) => lines(...images)[2];
    const unsafe = decided({ content: { ...READ, safety: ['BACKING_FILE'] }, findings: ['UNSAFE_CONTENT'] });
    expect(security([row({}), decided({ content: READ }), 2])).toBe(
      'Security: nothing dangerous in 2 images looked into.',
    );
    expect(
      security([row({}), unsafe], [row({}), decided({ content: { kind: 'unread' } }), 2], [row({}), decided(), 4]),
    ).toBe(
      'Security: 1 dangerous in 1 image looked into; unknown in 4 not looked into (to look: plan --probe all with --store-path',
    );
    expect(lines([row({}), notApplicable()]).slice(0, 3)).toEqual([
      'None of 1 image has a payload: there is nothing to decide.',
      'Nothing was written to the database.',
      '',
    ]);
  });

  it('is shorter on a screen', () => {
    expect(
      verdictHead(reportOf(summaryOf([[row({}), decided(), 3]])), WIDE)
        .split('\n')
        .slice(3),
    ).toEqual([
      'Nothing was written to the database.',
      '3 images: 0 exact, 3 inferred, 0 ambiguous, 0 unmappable, 0 not-applicable',
      'database  mysql://glance@db1/glance (MariaDB 10.11.6, Glance 2024.1)',
    ]);
  });
});
