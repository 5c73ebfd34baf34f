import { RetypeError } from '../../model/error.ts';
import { ANSWER_KEYS, type AnswerKey } from './block.ts';
import { dueSignature, parseQuestions, type QuestionEntry, type QuestionsDocument } from './document.ts';
import { addField, removeField, setValue } from './fields.ts';
import { scalar } from './scalar.ts';
import { applySplices, type Splice } from './splice.ts';

/** What a person says about one question. */
export interface WrittenAnswer {
  /** `kernel/raw`, `disk/vmdk in ova`, `leave` */
  readonly answer: string;
  readonly author: string | null;
  /** `2026-11-24` */
  readonly date: string | null;
  readonly reason: string | null;
}

/** A document after an edit, and the replacements that undo it, round by round. */
export interface Edited {
  readonly document: QuestionsDocument;
  readonly back: readonly (readonly Splice[])[];
}

/**
 * Writes an answer into a question and replaces an earlier one. The answer covers all images that the question has
 * now, so `images_now` becomes `images`.
 *
 * @throws RetypeError DECISIONS_FILE where the layout of the text leaves no place for the answer.
 */
export function writeAnswer(document: QuestionsDocument, entry: QuestionEntry, written: WrittenAnswer): Edited {
  const splices: Splice[] = [];
  let before = entry.fields.get('samples') ?? [...entry.fields.values()].at(-1);
  for (const key of ANSWER_KEYS) {
    const field = entry.fields.get(key);
    const value = written[key];
    if (field !== undefined) {
      if (entry[key] !== value) splices.push(setValue(document.text, field, answerValue(key, value), entry.indent));
      before = field;
    } else if (value !== null && before !== undefined) {
      splices.push(addField(document.text, before, `${key}:${answerValue(key, value)}`, entry.indent));
    }
  }
  return sealed(document, [...splices, ...confirmed(document, entry)], (other) => {
    const made = other.questions.find(({ facts }) => facts.id === entry.facts.id);
    return made !== undefined && ANSWER_KEYS.every((key) => made[key] === written[key]);
  });
}

function answerValue(key: AnswerKey, value: string | null): string {
  if (value === null) return '';
  // An answer consists of words of the vocabulary; everything else is free text.
  return ` ${key === 'answer' ? value : scalar(value)}`;
}

/** Makes the number of images of the newest plan the number that the answer covers. */
function confirmed(document: QuestionsDocument, { facts, fields, indent }: QuestionEntry): readonly Splice[] {
  const images = fields.get('images');
  const now = fields.get('images_now');
  if (images === undefined || now === undefined || facts.imagesNow === null) return [];
  return [setValue(document.text, images, ` ${facts.imagesNow}`, indent), removeField(document.text, now, indent)];
}

/** Applies an edit and signs the facts again. `came` checks that the new text says what was meant. */
export function sealed(
  document: QuestionsDocument,
  splices: readonly Splice[],
  came: (made: QuestionsDocument) => boolean,
): Edited {
  const native = splices.map((splice) => ({ ...splice, text: splice.text.replaceAll('\n', document.eol) }));
  const first = applySplices(document.text, native);
  const made = parseQuestions(first.text);
  const due = made === null ? null : dueSignature(made);
  if (made === null || due === made.signature) {
    if (made === null || !came(made)) throw notEditable();
    return { document: made, back: [first.back] };
  }
  const field = made.fields.get('signature');
  if (field === undefined) throw notEditable();
  const second = applySplices(made.text, [setValue(made.text, field, ` ${due}`, '')]);
  // All signatures have the same length, so nothing else moves and the text need not be parsed again.
  const signed =
    second.text.length === made.text.length
      ? { ...made, text: second.text, signature: due }
      : parseQuestions(second.text);
  if (signed === null || dueSignature(signed) !== signed.signature || !came(signed)) throw notEditable();
  return { document: signed, back: [second.back, first.back] };
}

/** The error for a file whose layout cannot be edited line by line. */
export function notEditable(place = 'the questions file'): RetypeError {
  return new RetypeError('DECISIONS_FILE', [
    {
      place,
      expected: 'questions laid out as plan --questions writes them: a dash for each, then one "key: value" a line',
      found: 'another layout, such as maps in braces',
      advice:
        'lay it out that way, or plan --questions into a new file and move the answers there; this file was left as it is',
    },
  ]);
}
