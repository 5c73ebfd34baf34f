import { foldWord } from '../../model/fold-word.ts';
import type { ContainerType, Envelope, ImageType } from '../../model/vocabulary.ts';
import { NULL_WORD, UNKNOWN_WORD } from './attribute.ts';

/** What one disk word or container word denotes. */
export interface WordMeaning {
  /** null where the word alone claims no type (raw, luks, bare). */
  readonly type: ImageType | null;
  readonly container: ContainerType | null;
  readonly envelope: Envelope | null;
}

/** The words of one column. */
export interface WordList {
  readonly words: ReadonlyMap<string, WordMeaning>;
  /** Named lists of words, for conditions. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Site-specific word, folded, to a word of `words`. */
  readonly aliases: ReadonlyMap<string, string>;
}

export interface Vocabulary {
  readonly disk: WordList;
  readonly container: WordList;
}

/** A column's text as read by the table. */
export interface ReadWord {
  /** A word of the vocabulary, NULL or UNKNOWN. */
  readonly word: string;
  /** It was folded or blank: reported, and no tuple read that way is exact. */
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
