import { createHash } from 'node:crypto';
import type { Problem } from '../../model/error.ts';
import { type Entries, oneOrMany, readMap, wrong } from '../../yaml/read-node.ts';
import type { Located } from '../../yaml/yaml-tree.ts';
import { answerContent } from '../answer/digest.ts';
import type { Answer, AnswerTo, NamedImage } from '../answer/answer.ts';
import { readLine, readNote } from './line.ts';
import { readAnswerValue } from './answer-value.ts';
import { readWhen } from './when.ts';

const KEYS = ['id', 'images', 'when', 'answer', 'author', 'date', 'reason'];
const ID = /^[\w.-]{1,64}$/;
/** `images.id` is VARCHAR(36) in Glance; a site may have widened it. */
const IMAGE_ID_LENGTH = 255;

/** What a file's answers have in common: `shown` is what places in them begin with. */
export interface AnswerSource {
  readonly shown: string;
  readonly problems: Problem[];
}

/** One item of `answers`: by image ids, or by what images have in common. null, after a problem, where it is broken. */
export function readAnswer(node: Located, { shown, problems }: AnswerSource): Answer | null {
  const before = problems.length;
  const entries = readMap(node, KEYS, problems);
  const to = node.kind === 'map' ? readTo(node, entries, { shown, problems }) : null;
  const said = entries.get('answer');
  const value = said === undefined ? null : readAnswerValue(said, null, problems);
  if (said === undefined && node.kind === 'map') {
    wrong(node, 'the key answer', 'add answer: disk/raw, or leave', problems, 'none');
  }
  const given = entries.get('id');
  const id = given === undefined ? null : readId(given, problems);
  const notes = readNotes(entries, problems);
  if (problems.length > before || to === null || value === null) return null;
  const answer = { place: `${shown}:${node.line}`, to, value, ...notes };
  return { id: id ?? ownId(answer), ...answer };
}

/** Who said it, when and why. */
export function readNotes(entries: Entries, problems: Problem[]): Pick<Answer, 'author' | 'date' | 'reason'> {
  return {
    author: readNote(entries.get('author'), 'an author', problems),
    date: readNote(entries.get('date'), 'a date', problems),
    reason: readNote(entries.get('reason'), 'a reason', problems),
  };
}

function readTo(node: Located, entries: Entries, { shown, problems }: AnswerSource): AnswerTo | null {
  const images = entries.get('images');
  const when = entries.get('when');
  if (images !== undefined && when === undefined) return readImages(images, { shown, problems });
  if (when !== undefined && images === undefined) {
    const predicate = readWhen(when, problems);
    return predicate === null ? null : { kind: 'predicate', when: predicate };
  }
  problems.push({
    place: node.place,
    expected: 'one of the keys images and when',
    found: images === undefined ? 'neither' : 'both',
    advice: 'name images by id, or say what they have in common',
  });
  return null;
}

function readImages(node: Located, { shown, problems }: AnswerSource): AnswerTo | null {
  const wanted = { what: 'the id of an image', longest: IMAGE_ID_LENGTH };
  const images: NamedImage[] = [];
  for (const item of oneOrMany(node)) {
    const id = readLine(item, wanted, problems)?.trim() ?? null;
    if (id !== null) images.push({ id, place: `${shown}:${item.line}` });
  }
  if (node.kind === 'list' && node.items.length === 0) {
    wrong(node, 'at least one id', 'add one, or take the answer out', problems, 'none');
  }
  return { kind: 'images', images };
}

function readId(node: Located, problems: Problem[]): string | null {
  const text = node.kind === 'scalar' ? node.text : null;
  if (text !== null && ID.test(text)) return text;
  wrong(node, '1 to 64 letters, digits, _ . or -', 'choose another id, or take the key out', problems);
  return null;
}

/** Journal and reports name the answer by it, so it must not change with the place in the file. */
function ownId(answer: Omit<Answer, 'id'>): string {
  return `answer-${createHash('sha256').update(answerContent(answer)).digest('hex').slice(0, 8)}`;
}
