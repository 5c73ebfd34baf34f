import type { verifyRecord } from '../../src/commands/verify-text.ts';
import { KINDS } from '../../src/run/verify/differences.ts';
import { byStatus, formatVersion } from './parts.ts';
import { byName, byWord, count, describes, flag, list, object, orNull, text, word } from './schema.ts';

export const verify = describes<ReturnType<typeof verifyRecord>>(
  object({
    format_version: formatVersion,
    rows: count('Rows read.'),
    counts: byStatus,
    differences: byWord(
      KINDS,
      (kind) => count(`Differences of the kind ${kind}.`),
      'Differences by kind; all 0: none.',
    ),
    sample: list(
      object({
        kind: word(KINDS, 'Kind of the difference.'),
        image_id: orNull(text('Id of the image; null where the difference is not about one image.')),
        subject: text('Id of the image, or the name of a record: run 1, batch 3.'),
        stored: text('What is stored, for a person.'),
        now: text('What is found now, for a person.'),
      }),
      'The first 100 differences of each kind.',
    ),
    kinds: byName(
      object({ title: text('What the kind means.'), advice: text('What to do.') }),
      'The kinds that were found.',
    ),
    refreshable: count('Rows with the same answer on newer evidence: no difference.'),
    orphans: count('Journal rows of images deleted since: normal.'),
    records_reckoned: flag(
      "Whether the tool's own tables were compared with the batches; no while another process writes.",
    ),
  }),
);
