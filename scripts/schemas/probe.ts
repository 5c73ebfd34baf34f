import { CONFIDENCES } from '../../src/model/verdict.ts';
import type { readRecord, unreadRecord, verdictsRecord, wordsRecord } from '../../src/report/records/probe-record.ts';
import { containerType, decisionKeys, envelope, formatVersion, imageType, safetyCode, verdict } from './parts.ts';
import { byName, count, describes, list, object, oneOf, orNull, text, word } from './schema.ts';

const source = text('The file or address, as it was named; without a password.');

const readKeys = {
  format_version: formatVersion,
  source,
  image_type: orNull(imageType),
  container_type: orNull(containerType),
  envelope: orNull(envelope),
  confidence: word(CONFIDENCES, 'How sure the image type is.'),
  evidence: list(
    object({ offset: count('Bytes from the beginning of the file.'), detail: text('What was seen there.') }),
    'What was seen. Where no type is named, the last one says why: `undetermined: …`.',
  ),
  safety: list(safetyCode, 'Dangers; sorted, without repeats.'),
  cost: object({ requests: count('Requests to the source.'), bytes: count('Bytes received.') }, 'What it cost.'),
};

const asked = {
  openstack: text('The OpenStack release whose services were asked: 2025.2.'),
  openstack_before: orNull(text('The release that it is compared with; null unless two are compared.')),
  nova_backend: text('How Nova stores the disks of servers.'),
};

const containerFormat = text('The container format: what was given, else bare.');

const wordLists = {
  accepted: list(text('A disk format.'), 'Disk formats under which the service takes the file.'),
  unknown: list(
    object({ disk_format: text('A disk format.'), why: text('What was not seen.') }),
    'Disk formats of which the bytes that were seen do not tell. The service refuses all others.',
  ),
};

const read = describes<ReturnType<typeof readRecord>>(
  object(readKeys, 'A source that was read; no release was named.'),
);

const withVerdicts = describes<ReturnType<typeof readRecord> & ReturnType<typeof verdictsRecord>>(
  object(
    {
      ...readKeys,
      ...asked,
      disk_format: text('The disk format that was given.'),
      container_format: containerFormat,
      services: decisionKeys.services,
      services_before: byName(verdict, 'What they do in the earlier release; empty unless two are compared.'),
    },
    'A source that was read, with --openstack and --disk-format.',
  ),
);

const withWords = describes<ReturnType<typeof readRecord> & ReturnType<typeof wordsRecord>>(
  object(
    {
      ...readKeys,
      ...asked,
      container_format: containerFormat,
      accepted_disk_formats: byName(
        object({ ...wordLists, before: orNull(object(wordLists, 'The same of the release that runs today.')) }),
        'By service: under which disk formats it takes the file.',
      ),
    },
    'A source that was read, with --openstack and without --disk-format.',
  ),
);

const unread = describes<ReturnType<typeof unreadRecord>>(
  object(
    { format_version: formatVersion, source, error: text('Why it could not be read.') },
    'A source that was not read.',
  ),
);

export const probe = oneOf('One source.', read, withVerdicts, withWords, unread);
