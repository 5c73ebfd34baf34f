import { DECISION_STATUSES } from '../../src/model/vocabulary.ts';
import type { checkRecord, rulesRecord } from '../../src/report/records/command-records.ts';
import { FORMAT_VERSION } from '../../src/report/records/format-version.ts';
import { RULE_SECTIONS } from '../../src/rules/table/rule-table.ts';
import { candidate, formatVersion, samples } from './parts.ts';
import { byName, constant, count, describes, flag, list, object, orNull, text, word } from './schema.ts';

const words = (description: string) => list(text('A word.'), description);

const headKeys = {
  format_version: formatVersion,
  glance_retype: object(
    {
      version: constant(FORMAT_VERSION, 'The same as format_version.'),
      tool_version: text('Version of glance-retype.'),
      rules_digest: text('SHA-256 of the table with your files, hex.'),
      shipped_digest: text('SHA-256 of the shipped table alone, hex.'),
    },
    'What the document was made from.',
  ),
  files: list(text('A file.'), 'Your rules files, in the order in which they apply.'),
};

const aliasKeys = {
  column: word(['disk', 'container'], 'The column.'),
  word: text('The word.'),
  read_as: text('The word that it is read as.'),
};

const ruleKeys = {
  id: text('Id of the row.'),
  place: text('File, line and path of the row.'),
  when: byName(words('Words that the row allows.'), 'Conditions by attribute; empty: the row always holds.'),
  answer: text('What the row answers, for a person.'),
  reason: text('Its reason, one line.'),
  findings: list(text('Code of a finding.'), 'Findings that the row adds.'),
};

const gist = object(
  {
    status: word(DECISION_STATUSES, 'Status of the decision.'),
    rule: text('Id of the rule that decides.'),
    classifications: list(candidate, 'The answer, or the candidates, best first.'),
  },
  'A decision in short.',
);

const effect = object(
  {
    images: count('Images that it meets.'),
    settled: count('Images that only your rules decide.'),
    changed: count('Images that the shipped table decides and your rules decide otherwise or not at all.'),
    changes: list(
      object({
        disk_format: orNull(text('Trimmed and in lower case; null for NULL and blank.')),
        container_format: orNull(text('Trimmed and in lower case; null for NULL and blank.')),
        before: gist,
        after: gist,
        count: count('Number of images.'),
        samples,
      }),
      'Biggest first.',
    ),
    other_changes: count('Images of changes that are not listed.'),
  },
  'What it changes in the database; null where no database was named.',
);

export const rulesShow = describes<ReturnType<typeof rulesRecord>>(
  object({
    ...headKeys,
    aliases: list(object(aliasKeys), 'Words that your files have read as others.'),
    groups: object(
      {
        disk: byName(words('Words of the group.'), 'Groups of disk words by name.'),
        container: byName(words('Words of the group.'), 'Groups of container words by name.'),
      },
      'Names for several words.',
    ),
    sections: list(
      object({
        section: word(RULE_SECTIONS, 'Name of the section.'),
        title: text('What it is about.'),
        rows: list(object(ruleKeys), 'Its rows, in the order in which they are tried.'),
      }),
      'The table, in the order of a decision.',
    ),
  }),
);

export const rulesCheck = describes<ReturnType<typeof checkRecord>>(
  object({
    ...headKeys,
    sound: flag('Whether the files are valid; a file that is not gives an error instead.'),
    rows: list(object({ ...ruleKeys, effect: orNull(effect) }), 'Your rows.'),
    aliases: list(
      object({ ...aliasKeys, images: orNull(count('Images with the word; null where no database was named.')) }),
      'Words that your files have read as others.',
    ),
    alias_effect: orNull(effect),
    database: orNull(text('Address of the database without secrets; null where none was named.')),
    images: orNull(count('All rows of images; null where no database was named.')),
    shipped_rows: count('Rows of the shipped table.'),
  }),
);
