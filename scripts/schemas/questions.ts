import type { questionsRecord } from '../../src/commands/documents/questions-record.ts';
import { formatVersion, next, samples } from './parts.ts';
import { count, describes, list, object, orNull, text, word } from './schema.ts';

export const questions = describes<ReturnType<typeof questionsRecord>>(
  object({
    format_version: formatVersion,
    tool_version: text('Version of glance-retype.'),
    file: text('The questions file.'),
    questions: count('Questions in the file.'),
    open: count('Questions without an answer.'),
    grown: count('Questions that have more images than their answer may cover.'),
    answered: count('Questions with an answer that holds.'),
    images: count('Images of all questions.'),
    images_answered: count('Images of answered questions.'),
    images_open: count('Images of open and grown questions.'),
    other_answers: count('Answers to conditions and to image ids.'),
    list: list(
      object({
        question: text('Id of the question.'),
        state: word(['open', 'answered', 'grown'], 'Whether a person has to look at it.'),
        images: count('Images as the last plan counted them.'),
        images_when_asked: count('Images when it was written, or when its answer was last confirmed.'),
        disk_format: orNull(text('Trimmed and in lower case; null for NULL and blank.')),
        container_format: orNull(text('Trimmed and in lower case; null for NULL and blank.')),
        rule: text('Id of the rule.'),
        why: text('Its reason.'),
        evidence: list(text('For a person.'), 'What was seen in these images.'),
        candidates: list(text('disk/raw, disk/raw in tgz.'), 'Possible answers, best first.'),
        samples,
        answer: orNull(text('The answer; null where there is none.')),
        author: orNull(text('Who answered.')),
        date: orNull(text('When, as written.')),
        reason: orNull(text('Why, as written.')),
      }),
      'The questions, in the order of the file.',
    ),
    next,
  }),
);
