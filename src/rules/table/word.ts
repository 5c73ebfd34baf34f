import { foldWord } from '../../model/fold-word.ts';
import type { ContainerType, Envelope, ImageType } from '../../model/vocabulary.ts';
import { NULL_WORD, UNKNOWN_WORD } from './attribute.ts';

/** What one disk word or container word denotes. */
export interface WordMeaning {
  /** null if the word alone names no type (raw, luks, bare). */
  readonly type: ImageType | null;
  readonly container: ContainerType | null;
  readonly envelope: Envelope | null;
}

/** The words of one column. */
export interface WordList {
  readonly words: ReadonlyMap<string, WordMeaning>;
  /** Named lists of words, for conditions. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** From a site's own word, folded, to a word of `words`. */
  readonly aliases: ReadonlyMap<string, string>;
}

export interface Vocabulary {
  readonly disk: WordList;
  readonly container: WordList;
}

/** The text of a column as the table reads it. */
export interface ReadWord {
  /** A word of the vocabulary, NULL or UNKNOWN. */
  readonly word: string;
  /** The text was folded or blank. This is reported, and the tuple is inferred at most. */
  readonly folded: boolean;
  readonly aliased: boolean;
}

export function readWord(text: string | null, list: WordList): ReadWord {
  if (text === null) return { word: NULL_WORD, folded: false, aliased: false };
  const word = foldWord(text);
  const folded = word !== text;
  if (word === '') return { word: NULL_WORD, folded: true, aliased: false };
  if (list.words.has(word)) return { word, folded, aliased: false };
  const alias = list.aliases.get(word);
  if (alias !== undefined) return { word: alias, folded, aliased: true };
  return { word: UNKNOWN_WORD, folded, aliased: false };
}
