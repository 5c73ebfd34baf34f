import { CHANGE_KINDS, type Cause } from '../../src/report/diff/compare.ts';
import type { changeRecord, diffRecord } from '../../src/report/diff/diff-summary.ts';
import { DECISION_STATUSES } from '../../src/model/vocabulary.ts';
import { FORMAT_VERSION } from '../../src/report/records/format-version.ts';
import { byStatus, diskFormat, containerFormat, evidence, formatVersion, imageKeys, samples, status } from './parts.ts';
import { byName, constant, count, describes, list, object, orNull, text, word } from './schema.ts';

/** Words of a plan are texts here, because another version of the program may have written the plan. */
const candidate = object({
  image_type: text('Image type.'),
  container_type: text('Container type.'),
  envelope: orNull(text('What is wrapped around the image.')),
});

const outcome = object(
  {
    disk_format: diskFormat,
    container_format: containerFormat,
    status,
    image_type: orNull(text('Image type.')),
    container_type: orNull(text('Container type.')),
    envelope: orNull(text('What is wrapped around the image.')),
    candidates: list(candidate, 'Best first; empty unless ambiguous.'),
  },
  'Legacy words and what they became; null in the plan that has no such images.',
);

const causes = ['tuple', 'status', 'answer', 'content', 'evidence', 'added', 'gone', 'rules'] as const;
const why = list(word<Cause>(causes, 'A cause.'), 'Why they are decided otherwise; rules: nothing else changed.');

const side = object(
  {
    name: text('The file, or the address of the database without secrets.'),
    kind: word(['file', 'database'], 'Where it came from.'),
    images: count('Images in it.'),
    by_status: byStatus,
    header: orNull(
      byName(orNull(text('As in the plan.')), 'What it was made from; null where that is not known (NDJSON).'),
    ),
  },
  'One plan as a whole.',
);

export const diff = describes<ReturnType<typeof diffRecord>>(
  object({
    format_version: formatVersion,
    glance_retype_diff: object(
      {
        version: constant(FORMAT_VERSION, 'The same as format_version.'),
        tool_version: text('Version of glance-retype.'),
      },
      'What made the document.',
    ),
    verdict: word(['same', 'different'], 'Whether the plans differ in what --fail-on names.'),
    before: side,
    after: side,
    headers: list(
      object({ key: text('A key of the header.'), before: orNull(text('Before.')), after: orNull(text('After.')) }),
      'What the plans were made from, where that differs.',
    ),
    same: count('Images of both plans without any change.'),
    changed: count('Images with any change, those that came or went among them.'),
    kinds: list(
      object({ kind: word(CHANGE_KINDS, 'Kind of change.'), count: count('Number of images.'), samples }),
      'Changes by kind.',
    ),
    transitions: list(
      object({ before: orNull(outcome), after: orNull(outcome), why, count: count('Number of images.'), samples }),
      'Images that are decided otherwise, came or went; biggest groups first.',
    ),
    other_transitions: count('Images of transitions that are not listed.'),
    findings: list(
      object({
        code: text('Code of a finding.'),
        came: count('Images that have it now and had not.'),
        went: count('Images that had it and have it no more.'),
      }),
      'Changed findings, biggest first.',
    ),
  }),
);

const record = object(
  {
    ...imageKeys,
    image_type: orNull(text('Image type.')),
    container_type: orNull(text('Container type.')),
    envelope: orNull(text('What is wrapped around the image.')),
    format: orNull(text('The word of the one-field proposal.')),
    status: word(DECISION_STATUSES, 'Status of the decision.'),
    rule: text('Id of the rule that decided.'),
    candidates: list(candidate, 'Best first; empty unless ambiguous.'),
    evidence: list(evidence, 'What the decision rests on.'),
    findings: list(text('Code of a finding.'), 'Findings.'),
    disposition: orNull(text('What a consumer of the new model does with the image.')),
    nova_today: text("What today's Nova does with the image."),
    question: orNull(text('The question that the image belongs to.')),
    answer: orNull(text("Id of the operator's answer.")),
    services: orNull(
      byName(
        object({
          verdict: text('accepted, refused or unknown.'),
          step: orNull(text('The step that refuses it; null unless it is refused.')),
          check: orNull(text('The check that refuses it; null unless it is refused.')),
        }),
        'What each OpenStack service does with the image; null in plans of versions that did not say so.',
      ),
    ),
  },
  'The image as the plan has it; null where it is not in the plan.',
);

export const diffLine = describes<ReturnType<typeof changeRecord>>(
  object({
    image_id: text('Id of the image.'),
    changes: list(word(CHANGE_KINDS, 'Kind of change.'), 'What changed.'),
    why,
    before: orNull(record),
    after: orNull(record),
  }),
);
