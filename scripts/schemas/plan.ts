import { ANSWER_REMARKS, type AnswerRemarkKind } from '../../src/model/answer.ts';
import { FORMATS } from '../../src/model/vocabulary.ts';
import type { answersRecord, ownersRecord, planTail, summaryRecord } from '../../src/report/records/summary-record.ts';
import {
  byStatus,
  candidate,
  candidates,
  containerFormat,
  containerType,
  decision,
  diskFormat,
  disposition,
  envelope,
  findingCode,
  formatVersion,
  header,
  imageType,
  remedies,
  safetyCode,
  sampleIds,
  samples,
  severity,
  status,
  verdictWord,
} from './parts.ts';
import { byName, count, describes, list, object, orNull, type Schema, text, word } from './schema.ts';

const rule = text('Id of a rule.');
const reason = text('The reason of the rule, one line.');
const images = count('Number of images.');

/** Images with a code of a registry. */
const coded = <Code extends string>(code: Schema<Code>) =>
  object({ code, severity, title: text('What the code means, one line.'), count: images, sample_ids: sampleIds });

const outcome = object(
  {
    status,
    image_type: orNull(imageType),
    container_type: orNull(containerType),
    envelope: orNull(envelope),
    candidates,
    rule,
    reason,
    count: images,
  },
  'What became of some of the images.',
);

const questionKeys = {
  question: text('Id of the question: the words of the tuple and eight hexadecimal digits. The same in every plan.'),
  status: word(['ambiguous', 'unmappable'], 'Status of the decisions.'),
  disk_format: orNull(text('Trimmed and in lower case; null for NULL and blank.')),
  container_format: orNull(text('Trimmed and in lower case; null for NULL and blank.')),
  image_type: orNull(imageType),
  envelope: orNull(envelope),
  rule,
  reason,
  candidates,
  count: images,
  content_unasked: count('Images of the question whose bytes were not read. Reading them may decide some.'),
  evidence: list(
    object({
      kind: text('Where it was seen.'),
      detail: text('What was seen, without ids and numbers.'),
      count: images,
    }),
    'What was seen in these images, the most frequent first.',
  ),
  samples,
};

const content = object(
  {
    read: count('Images whose bytes were read.'),
    undetermined: count('Of these, images whose bytes name no type.'),
    unread: count('Images whose bytes could not be had.'),
    safety: list(coded(safetyCode), 'Dangers, the gravest first.'),
    mismatches: list(
      object({
        disk_format: diskFormat,
        container_format: containerFormat,
        found: object(
          { image_type: orNull(imageType), container_type: orNull(containerType), envelope: orNull(envelope) },
          'What the bytes are; null where they do not say.',
        ),
        count: images,
        sample_ids: sampleIds,
      }),
      'Images whose bytes are not what is declared, biggest groups first.',
    ),
    other_mismatches: count('Images of mismatches that are not listed.'),
    refused: object(
      {
        count: images,
        reasons: list(object({ reason: text('Why.'), count: images, sample_ids: sampleIds }), 'Biggest first.'),
      },
      'Of the images read, those that Nova refuses. `services` counts all images and all services.',
    ),
  },
  'What the bytes of the images said; null where no image was looked into.',
);

const step = text('The step that refuses them.');
const check = text("The safety check that fails, in the service's own words; else the step.");
const before = orNull(verdictWord);

const service = object({
  accepted: count('Images that it takes.'),
  refused: count('Images that it refuses.'),
  unknown: count('Images of which this is not known, because bytes were not seen.'),
  transitions: orNull(
    object(
      {
        will_be_refused: count('Accepted in the earlier release, refused in the later.'),
        will_work: count('Refused in the earlier release, accepted in the later.'),
        stays_refused: count('Refused in both.'),
        stays_accepted: count('Accepted in both.'),
        unknown: count('What one of the two does is not known.'),
      },
      'Images by what becomes of them; null unless two releases are compared.',
    ),
  ),
  refusals: list(
    object({
      before,
      step,
      check,
      count: images,
      reasons: list(
        object({ why: text('Why, one clause for a person.'), remedies, count: images, sample_ids: sampleIds }),
        'Biggest first.',
      ),
    }),
    'Refused images by check; those that the earlier release accepts come first, then the biggest.',
  ),
  improvements: list(
    object({ step, check, count: images, sample_ids: sampleIds }),
    'Images that are refused in the earlier release and accepted in the later, by the check that refuses them there.',
  ),
  unknowns: list(
    object({ why: text('Which bytes were not seen.'), count: images, sample_ids: sampleIds }),
    'Images whose verdict is not known, biggest first.',
  ),
});

const summary = describes<ReturnType<typeof summaryRecord>>(
  object(
    {
      total: count('All rows of images.'),
      by_status: byStatus,
      not_applicable: list(object({ rule, reason, count: images }), 'Why images have no payload.'),
      tuples: list(
        object({
          disk_format: diskFormat,
          container_format: containerFormat,
          count: images,
          outcomes: list(outcome, 'What became of them, biggest first.'),
        }),
        'Every spelling of the two legacy words, biggest first. Words are cut at 255 characters.',
      ),
      other_tuples: object({ count: images, by_status: byStatus }, 'Images of spellings that are not listed.'),
      undecided: list(object(questionKeys), 'The questions, biggest first.'),
      other_undecided: count('Undecided images whose question is not listed.'),
      findings: list(coded(findingCode), 'The gravest first, biggest first within.'),
      content: orNull(content),
      services: byName(service, 'What each OpenStack service does with the images; empty where none was asked.'),
      cutover: object(
        {
          decided: count('Decided images.'),
          different: count('Of these, images that are treated differently after the cutover.'),
          breaks: count('Of the different: images that are used today, and afterwards not, or in another way.'),
          improves: count('Of the different: images that are refused today, and usable afterwards.'),
          matrix: list(
            object({ nova_today: disposition, disposition, count: images }),
            'Decided images by what is done with them today and after the cutover.',
          ),
        },
        'What the cutover changes.',
      ),
      one_field: object(
        {
          words: list(
            object({ format: word(FORMATS, 'A word of the one-field proposal.'), count: images }),
            'Biggest first.',
          ),
          lost: list(
            object({
              image_type: imageType,
              container_type: containerType,
              envelope: orNull(envelope),
              why: text('What one field cannot say.'),
              count: images,
            }),
            'Images for which the one-field proposal has no word.',
          ),
          envelopes: list(object({ envelope, count: images }), 'What two fields lose without an envelope.'),
        },
        'The one-field proposal on the same images.',
      ),
    },
    'The plan as a whole. Lists are bounded; what is not listed is counted.',
  ),
);

const answers = describes<ReturnType<typeof answersRecord>>(
  object(
    {
      file: text('The answers file.'),
      digest: text('SHA-256 of the answers, hex.'),
      effects: list(
        object({
          id: text('Id of the answer.'),
          place: text('File and line.'),
          to: text('What the answer is to, for a person.'),
          answer: orNull(candidate),
          author: orNull(text('Who answered.')),
          date: orNull(text('As written: 2026-11-24.')),
          reason: orNull(text('Why, as written.')),
          images: count('Images that the answer meets.'),
          settled: count('Of these, images that are undecided without it.'),
          overruled: count('Of these, images whose decision it changes.'),
          outside: count('Of these, images for which it is not among the candidates.'),
          against_proof: count('Of these, images where it contradicts a proof.'),
          population: orNull(
            object(
              { written: count('When the question was written.'), now: count('Now.') },
              'Images of the question; null for an answer to something else.',
            ),
          ),
          sample_ids: sampleIds,
        }),
        'What each answer changes, in the order of the file. `answer` null: to be left undecided.',
      ),
      remarks: list(
        object({
          kind: word(Object.keys(ANSWER_REMARKS) as readonly AnswerRemarkKind[], 'What the remark is about.'),
          place: text('File and line.'),
          text: text('For a person.'),
          weight: word(['refuses', 'warns'], 'refuses: migrate does not begin before it is put right.'),
        }),
        'Remarks on the answers, in the order of the file.',
      ),
    },
    'The effect of the answers; null where no answers file was given.',
  ),
);

const asked = {
  undecided: count('Undecided images.'),
  breaks: count('Images that break at the cutover.'),
};

const owners = describes<ReturnType<typeof ownersRecord>>(
  object(
    {
      listed: list(
        object({
          owner: orNull(text('The owner, a project by its id; null: images without one.')),
          ...asked,
          questions: list(
            object({ question: text('Id of the question.'), count: images }),
            'The questions of the undecided, biggest first.',
          ),
          other_questions: count('Undecided images of questions that are not listed.'),
        }),
        'Those with most to be asked first.',
      ),
      others: object(asked, 'Images of owners that are not listed.'),
      unseen: count('Undecided or breaking images whose owners were not looked up.'),
    },
    'Whom to ask; null where the owners of images were not read.',
  ),
);

const tail = { glance_retype: header, summary, answers: orNull(answers), owners: orNull(owners) };
describes<ReturnType<typeof planTail>>(object(tail));

export const plan = object({
  format_version: formatVersion,
  images: list(decision, 'Every image with its decision; each is one line of the file.'),
  ...tail,
});
