import { foldWord } from '../../model/fold-word.ts';
import { CONTAINER_TYPES, ENVELOPES, IMAGE_TYPES } from '../../model/vocabulary.ts';
import type { QuestionEntry } from '../file/document.ts';
import { NOTE_LENGTH, UNFIT } from '../read/line.ts';
import { readClassificationWords, classificationWords } from '../answer/words.ts';

/** A line that a person typed. */
export type WalkCommand =
  /** As written into the file: `kernel/raw`, `leave`. */
  | { readonly kind: 'answer'; readonly answer: string }
  /** null: none. */
  | { readonly kind: 'reason'; readonly reason: string | null }
  | { readonly kind: 'go'; readonly to: string }
  | { readonly kind: 'skip' | 'details' | 'undo' | 'confirm' | 'save' | 'quit' | 'help' }
  /** Not understood; `hint` says what would be. */
  | { readonly kind: 'unclear'; readonly hint: string };

const WORDS: ReadonlyMap<string, WalkCommand> = new Map([
  ...alike({ kind: 'skip' }, '', 's', 'skip'),
  ...alike({ kind: 'answer', answer: 'leave' }, 'l', 'leave'),
  ...alike({ kind: 'details' }, 'e', 'evidence'),
  ...alike({ kind: 'undo' }, 'b', 'back', 'u', 'undo'),
  ...alike({ kind: 'confirm' }, 'c', 'confirm'),
  ...alike({ kind: 'save' }, 'w', 'save'),
  ...alike({ kind: 'quit' }, 'q', 'quit', 'exit'),
  ...alike({ kind: 'help' }, '?', 'h', 'help'),
]);

function alike(command: WalkCommand, ...words: readonly string[]): readonly (readonly [string, WalkCommand])[] {
  return words.map((word) => [word, command]);
}

/** Commands that are accepted where a reason is asked for, because no reason is a single letter. */
const INSTEAD_OF_REASON: ReadonlySet<string> = new Set(['b', 'u', 'q', '?']);

/** Reads a line typed at the prompt for an answer. `entry` is null when no question is shown. */
export function readCommand(line: string, entry: QuestionEntry | null): WalkCommand {
  const text = line.trim();
  const word = foldWord(text);
  const known = WORDS.get(word);
  if (known !== undefined) return known;
  const [first = '', ...rest] = text.split(/\s+/);
  if (/^(?:g|go)$/i.test(first)) {
    return rest.length === 1
      ? { kind: 'go', to: rest[0] ?? '' }
      : { kind: 'unclear', hint: 'g needs the id of a question, the beginning of one, or its number' };
  }
  if (entry === null)
    return {
      kind: 'unclear',
      hint: 'no question is open: b takes the last answer back, g ID goes to a question, q ends',
    };
  if (/^\d+$/.test(text)) return numbered(Number(text), entry.facts.candidates);
  const classification = readClassificationWords(text);
  return classification === null
    ? { kind: 'unclear', hint: hintFor(word) }
    : { kind: 'answer', answer: classificationWords(classification) };
}

/** Reads a line typed where a reason is asked for. */
export function readReason(line: string): WalkCommand {
  const text = line.trim();
  if (INSTEAD_OF_REASON.has(text)) return readCommand(text, null);
  const fault = textFault(text);
  return fault === null
    ? { kind: 'reason', reason: text === '' ? null : text }
    : { kind: 'unclear', hint: `a reason ${fault}` };
}

/** Says why a text cannot be written into an answers file: `is one line …`; null where it can. */
export function textFault(text: string): string | null {
  if (text.length > NOTE_LENGTH) return `has at most 1,000 characters; this one has ${text.length}`;
  return UNFIT.test(text) ? 'is one line without tabs or control characters' : null;
}

function numbered(number: number, candidates: readonly string[]): WalkCommand {
  const answer = candidates[number - 1];
  if (answer !== undefined) return { kind: 'answer', answer };
  if (candidates.length === 0)
    return { kind: 'unclear', hint: 'this question has no candidates; type TYPE/CONTAINER, such as disk/raw' };
  return { kind: 'unclear', hint: `the candidates have the numbers 1 to ${candidates.length}` };
}

function hintFor(word: string): string {
  const parts = /^([^/\s]*)\s*\/\s*(\S*)(?:\s+in\s+(\S*))?/.exec(word);
  if (parts === null)
    return 'type the number of a candidate, TYPE/CONTAINER (such as disk/raw), l, s, e, b, q, or ? for help';
  const [, type = '', container = '', envelope] = parts;
  if (!IMAGE_TYPES.some((known) => known === type)) return `the types are ${IMAGE_TYPES.join(', ')}`;
  if (!CONTAINER_TYPES.some((known) => known === container)) return `the containers are ${CONTAINER_TYPES.join(', ')}`;
  if (envelope !== undefined && !ENVELOPES.some((known) => known === envelope)) {
    return `the envelopes are ${ENVELOPES.join(', ')}`;
  }
  return 'type TYPE/CONTAINER, or TYPE/CONTAINER in ENVELOPE, and nothing else';
}
