import { CONFIDENCES } from '../../src/model/verdict.ts';
import type { readRecord, unreadRecord } from '../../src/report/records/probe-record.ts';
import { containerType, envelope, formatVersion, imageType, safetyCode } from './parts.ts';
import { count, describes, list, object, oneOf, orNull, text, word } from './schema.ts';

const source = text('The file or address, as it was named; without a password.');

const read = describes<ReturnType<typeof readRecord>>(
  object(
    {
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
    },
    'A source that was read.',
  ),
);

const unread = describes<ReturnType<typeof unreadRecord>>(
  object(
    { format_version: formatVersion, source, error: text('Why it could not be read.') },
    'A source that was not read.',
  ),
);

export const probe = oneOf('One source.', read, unread);
