import type { servicesRecord, settingsRecord } from '../../src/report/records/service-record.ts';
import { byName, constant, describes, list, object, oneOf, orNull, text, word } from './schema.ts';

const remedy = oneOf(
  'One way.',
  object({
    kind: constant('word', 'Other words for the same bytes, which are uploaded again.'),
    disk_format: text('The disk format that is accepted.'),
    container_format: text('The container format beside it.'),
  }),
  object({
    kind: constant('conversion', 'A conversion by qemu-img.'),
    to: text('The format to convert to, which is also the disk format of the new image.'),
  }),
  object({
    kind: constant('option', 'A setting of the service.'),
    option: text('The option: `[section]name`.'),
    value: text('The value that lets the image pass.'),
  }),
);

const remedies = list(remedy, 'What would make the service take the image, best first.');

/** What a service does: the keys that a verdict has everywhere. */
const prediction = object(
  {
    verdict: word(['accepted', 'refused', 'unknown'], 'What the service does in the release that was named.'),
    basis: orNull(word(['inspected', 'not-inspected'], 'Whether it looks into what it accepts; null unless accepted.')),
    step: orNull(text('The step that refuses, as config/services.yaml names it; null unless refused.')),
    check: orNull(text('The check that fails, else the name of the step; null unless refused.')),
    why: orNull(text('Why it is refused or unknown, for a person; null where it is accepted.')),
    remedies,
    before: orNull(word(['accepted', 'refused', 'unknown'], 'The verdict of the release before; null without one.')),
    before_check: orNull(text('The check that fails in the release before; null unless that refuses.')),
  },
  'What one service does.',
);

export const services = describes<ReturnType<typeof servicesRecord>>(
  byName(prediction, 'What each service of OpenStack does with the image, by service.'),
);

export const openstack = describes<ReturnType<typeof settingsRecord>>(
  object(
    {
      release: text('The release that was named: 2025.2.'),
      before: orNull(text('The release that runs today, where two are compared.')),
      nova_backend: text('Where Nova keeps the disks of servers.'),
    },
    'Which services were asked.',
  ),
);
