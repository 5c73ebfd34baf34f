import { CONFIDENCES, REFUTABLE_FORMATS } from '../../src/model/verdict.ts';
import { STORED_COMPARISONS, type StoredComparison } from '../../src/model/stored-state.ts';
import { DECISION_STATUSES, IMAGE_TYPES } from '../../src/model/vocabulary.ts';
import type { explainRecord } from '../../src/report/records/explain-record.ts';
import { type Attribute, domainsOf } from '../../src/rules/table/attribute.ts';
import { RULE_SECTIONS } from '../../src/rules/table/rule-table.ts';
import { JOININGS } from '../../src/rules/trace/trace.ts';
import {
  candidate,
  candidates,
  containerFormat,
  containerType,
  decisionKeys,
  diskFormat,
  envelope,
  evidence,
  findingCode,
  formatVersion,
  header,
  imageKeys,
  imageType,
  next,
  safetyCode,
  severity,
  verdict,
} from './parts.ts';
import {
  byName,
  bySomeWords,
  byWord,
  count,
  describes,
  flag,
  list,
  object,
  oneOf,
  orNull,
  points,
  constant,
  text,
  word,
} from './schema.ts';

const ATTRIBUTES: readonly Attribute[] = [...domainsOf([], []).keys()];

const rule = text('Id of a rule.');
const reason = text('The reason of the rule, one line.');
const types = list(imageType, 'Image types.');

const property = object({
  name: text('Name of the property.'),
  value: orNull(text('Its text, cut, and left out where it may hold a secret; null for NULL.')),
  token: orNull(text('The word that the text was reduced to; null if it says nothing.')),
  counts_as: text('What it counts as, for a person.'),
});

const target = oneOf(
  'The image that a property names.',
  object({ kind: constant('absent', 'No image is named.') }),
  object({
    kind: constant('live', 'The image exists.'),
    id: text('Its id.'),
    disk_format: diskFormat,
    container_format: containerFormat,
  }),
  object({ kind: word(['deleted', 'missing'], 'The image was deleted, or there is none.'), id: text('Its id.') }),
);

const references = object(
  {
    kernel: target,
    ramdisk: target,
    named_by: orNull(
      object(
        {
          as_kernel: count('Images that name this one as their kernel.'),
          as_ramdisk: count('Images that name this one as their ramdisk.'),
          sample_kernel_of: orNull(text('Id of one of them.')),
          sample_ramdisk_of: orNull(text('Id of one of them.')),
        },
        'Images that name this one; null where there are none.',
      ),
    ),
  },
  'Images that this one names, and that name it.',
);

const content = oneOf(
  'What the bytes say; null where the image was not asked for them.',
  object({ kind: constant('unread', 'The bytes could not be read.'), why: text('Why.') }),
  object({
    kind: constant('read', 'The bytes were read.'),
    image_type: orNull(imageType),
    container_type: orNull(containerType),
    container_basis: word(['proven', 'assumed'], 'assumed: no magic was found, so the container is taken to be raw.'),
    envelope: orNull(envelope),
    confidence: word(CONFIDENCES, 'How sure the type is.'),
    why: orNull(text('Why no type is named; null where one is.')),
    also_read_as: types,
    reach: word(['whole', 'cut'], 'cut: a budget or the source prevented a read that was needed.'),
    refutes: list(word(REFUTABLE_FORMATS, 'A disk format.'), 'Formats that the bytes are not.'),
    evidence: list(
      object({ offset: count('Bytes from the beginning of the file.'), detail: text('What was seen there.') }),
      'What was seen in the bytes.',
    ),
    safety: list(safetyCode, 'Dangers.'),
    cost: object({ requests: count('Requests to the source.'), bytes: count('Bytes received.') }, 'What reading cost.'),
  }),
);

const outcome = oneOf(
  'An answer.',
  object({
    status: word(['exact', 'inferred'], 'Decided.'),
    rule,
    image_type: imageType,
    container_type: containerType,
    envelope: orNull(envelope),
  }),
  object({ status: constant('ambiguous', 'Several answers are possible.'), rule, candidates }),
  object({
    status: constant('unmappable', 'There is no answer.'),
    rule,
    image_type: orNull(imageType),
    envelope: orNull(envelope),
  }),
);

const section = object({
  section: word(RULE_SECTIONS, 'A section of the rule table.'),
  tried: list(
    object({
      id: rule,
      reason,
      place: text('File, line and path of the row.'),
      misses: list(
        object({
          attribute: word(ATTRIBUTES, 'What the condition is about.'),
          found: text('What the image has.'),
          wanted: list(text('A word.'), 'What the row asks for.'),
        }),
        'Conditions that do not hold; empty for the row that fired.',
      ),
    }),
    'Rows in the order in which they were tried; the last one fired if `fired` names it.',
  ),
  fired: orNull(text('Id of the row that fired.')),
  untried: count('Rows that were not tried.'),
  skipped: orNull(text('Why no row was tried.')),
});

const trace = object(
  {
    rule: text('The rule that decides without the answers of the operator.'),
    status: word(DECISION_STATUSES, 'What it decides.'),
    facts: byWord(ATTRIBUTES, () => text('A word.'), 'What the conditions of the rules look at.'),
    sections: list(section, 'The rule table, in the order of a decision.'),
    joining: orNull(
      object(
        {
          kind: word(Object.keys(JOININGS) as readonly (keyof typeof JOININGS)[], 'How they were joined.'),
          spelling: word(['clean', 'folded'], 'folded: a word was trimmed, lower-cased or read by an alias.'),
          votes: list(
            object({
              voter: word(['references', 'properties'], 'The section of the row.'),
              rule,
              reason,
              types,
              container_type: orNull(containerType),
              container_type_if_unsaid: orNull(containerType),
            }),
            'What references and properties vote for.',
          ),
          tuple: object(
            {
              rule,
              reason,
              status: word(
                ['exact', 'inferred', 'ambiguous', 'unmappable'],
                'What the two legacy words alone come to.',
              ),
              classifications: list(candidate, 'Answers of the two words, best first.'),
              envelope: orNull(envelope),
              admits: types,
            },
            'What the two legacy words say.',
          ),
          outcome,
        },
        'How votes and legacy words were joined; null where a row ended the decision before.',
      ),
    ),
    settling: orNull(
      object(
        { rule, reason, without_content: outcome, found: orNull(candidate), outcome },
        'How the bytes changed the answer; null where they played no part.',
      ),
    ),
    hints: list(
      object({
        kind: text('Where it was seen.'),
        detail: text('What was seen.'),
        weights: bySomeWords(IMAGE_TYPES, points('Points for candidates of this type.'), 'Points by type.'),
      }),
      'Weak signs that put the candidates in order.',
    ),
  },
  'How the decision was made by the rules.',
);

const storedKeys = {
  run: count('Id of the run.'),
  batch: count('Number of the batch within the run.'),
  batch_uuid: orNull(text('Its uuid; null where the record of the batch is missing.')),
  pass: orNull(count('1: the first pass over the table; 2 and later: tail passes.')),
  committed_at: orNull(text('When the batch was committed, ISO 8601 in UTC.')),
  status: word(DECISION_STATUSES, 'What was decided.'),
  image_type: orNull(text('As stored.')),
  container_type: orNull(text('As stored.')),
  envelope: orNull(text('As stored.')),
  rule,
  disk_format: diskFormat,
  container_format: containerFormat,
  status_glance: text("Glance's own status when it was decided."),
  evidence: list(evidence, 'The evidence as it was stored.'),
  findings: list(text('Code of a finding.'), 'The findings as they were stored.'),
  candidates: list(text('disk/raw, disk/raw in tgz.'), 'The candidates as they were stored, best first.'),
};

const stored = oneOf(
  "What the tool's tables say about the image.",
  object({ state: word(['not-expanded', 'interrupted'], 'There is nothing, or a change of the schema is half done.') }),
  object({
    state: constant('expanded', 'The tables are there.'),
    target: word(['columns', 'table'], 'Where results are stored.'),
    standing: word(
      Object.keys(STORED_COMPARISONS) as readonly StoredComparison[],
      'How the stored decision compares with the one that would be made now.',
    ),
    standing_text: text('The same for a person.'),
    current: orNull(object(storedKeys, 'The decision that is stored; null where there is none.')),
    run: orNull(
      object(
        {
          id: count('Id of the run.'),
          state: text('active, complete, abandoned, rolled-back.'),
          rules_digest: text('SHA-256 of the rule table, hex.'),
          answers_digest: orNull(text('SHA-256 of the answers, hex.')),
          options: text('Options that influence the result, as JSON text.'),
          tool_version: text('Version of glance-retype that ran.'),
          started_at: text('ISO 8601 in UTC.'),
          finished_at: orNull(text('ISO 8601 in UTC; null while it is not finished.')),
        },
        'The run that stored the decision.',
      ),
    ),
    results: orNull(
      object(
        {
          image_type: orNull(text('As in the column.')),
          container_type: orNull(text('As in the column.')),
          envelope: orNull(text('As in the column.')),
          standing: word(['as-stored', 'changed'], 'changed: another program wrote to the columns.'),
        },
        'The result columns of the image; null with target table.',
      ),
    ),
    earlier: list(
      object({ superseded_by: count('The run that replaced it.'), ...storedKeys }),
      'Decisions that later runs replaced, newest first.',
    ),
  }),
);

export const explain = describes<ReturnType<typeof explainRecord>>(
  object({
    format_version: formatVersion,
    glance_retype: header,
    image: object(
      {
        ...imageKeys,
        deleted: flag('Whether the image is soft-deleted.'),
        size: orNull(text('Size in bytes as text, because it may be beyond what a JSON number holds exactly.')),
        min_disk: orNull(points('images.min_disk in GiB.')),
      },
      'The row of the image.',
    ),
    decision: object(
      {
        ...decisionKeys,
        reason,
        one_field_why: orNull(text('Why the one-field proposal has no word; null where it has one.')),
        answered: orNull(
          object(
            {
              answer: text('Id of the answer.'),
              question: orNull(text('Id of the question; null if the image is decided without the answer.')),
              agreement: word(
                ['candidate', 'outside', 'against-proof'],
                'How the answer relates to the candidates and to what is proven.',
              ),
            },
            "The operator's answer that changed the decision.",
          ),
        ),
      },
      'The decision, as in the plan, with its reason.',
    ),
    services_before: byName(
      verdict,
      'What each service does in the earlier release, by service; empty unless two releases are compared.',
    ),
    findings: list(
      object({
        code: findingCode,
        severity,
        title: text('One line.'),
        text: text('What was seen, whether it is normal, what to do.'),
      }),
      'The findings of the image, explained.',
    ),
    properties: list(property, 'Properties that a rule, a hint or a finding may use, sorted by name.'),
    lost_properties: list(property, 'The same of properties that bug glance#901534 deleted.'),
    references,
    content: orNull(content),
    trace,
    stored,
    next,
  }),
);
