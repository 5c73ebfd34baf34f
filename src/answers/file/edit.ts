import { RetypeError } from '../../model/error.ts';
import { ANSWER_KEYS, type AnswerKey } from './block.ts';
import { dueSignature, parseQuestions, type QuestionEntry, type QuestionsDocument } from './document.ts';
import { addField, removeField, setValue } from './fields.ts';
import { scalar } from './scalar.ts';
import { applySplices, type Splice } from './splice.ts';

/** What a person says of one question. */
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
 * Writes an answer into a question, over an earlier one if there is one. It speaks for all images that the question has now, so
 * `images_now` becomes `images`.
 *
 * @throws RetypeError DECISIONS_FILE where the text is laid out so that the answer cannot be put in.
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
  // Words of the vocabulary; everything else is what somebody typed.
  return ` ${key === 'answer' ? value : scalar(value)}`;
}

/** Today's number of images becomes the one that the answer speaks for. */
function confirmed(document: QuestionsDocument, { facts, fields, indent }: QuestionEntry): readonly Splice[] {
  const images = fields.get('images');
  const now = fields.get('images_now');
  if (images === undefined || now === undefined || facts.imagesNow === null) return [];
  return [setValue(document.text, images, ` ${facts.imagesNow}`, indent), removeField(document.text, now, indent)];
}

/** Applies an edit and signs the facts again. `came` says whether what was meant is what the new text says. */
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
  // Signatures are of one length, so that nothing else moves and the text need not be read once more.
  const signed =
    second.text.length === made.text.length
      ? { ...made, text: second.text, signature: due }
      : parseQuestions(second.text);
  if (signed === null || dueSignature(signed) !== signed.signature || !came(signed)) throw notEditable();
  return { document: signed, back: [second.back, first.back] };
}

/** The file says what it says in a way that cannot be changed line by line. It is left as it is. */
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
