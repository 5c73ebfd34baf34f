import type { Problem } from '../../model/error.ts';
import { CONTAINER_TYPES, ENVELOPES, IMAGE_TYPES } from '../../model/vocabulary.ts';
import { NULL_WORD, UNKNOWN_WORD } from './attribute.ts';
import {
  type Entries,
  oneOrMany,
  readMap,
  readOpenMap,
  readWord as readOneOf,
  readWords,
  wrong,
} from '../../yaml/read-node.ts';
import { foldWord } from '../../model/fold-word.ts';
import type { Vocabulary, WordList, WordMeaning } from './word.ts';
import type { Located } from '../../yaml/yaml-tree.ts';

const COLUMNS = ['disk', 'container'] as const;
type Column = (typeof COLUMNS)[number];

/**
 * Reads `vocabulary` and `groups` of the shipped file, and `aliases` of all files. If two files alias the same word,
 * the earlier file counts, as it does for rows.
 */
export function readVocabulary(shipped: Entries, aliases: readonly Located[], problems: Problem[]): Vocabulary {
  const words = columnsOf(shipped.get('vocabulary'), problems);
  const groups = columnsOf(shipped.get('groups'), problems);
  const aliasMaps = aliases.map((node) => columnsOf(node, problems));
  const column = (name: Column): WordList => {
    const known = readMeanings(readOpenMap(words.get(name), problems), problems);
    return {
      words: known,
      groups: readGroups(readOpenMap(groups.get(name), problems), known, problems),
      aliases: readAliases(
        aliasMaps.map((map) => readOpenMap(map.get(name), problems)),
        known,
        problems,
      ),
    };
  };
  return { disk: column('disk'), container: column('container') };
}

function columnsOf(node: Located | undefined, problems: Problem[]): Entries {
  return node === undefined ? new Map() : readMap(node, COLUMNS, problems);
}

function readMeanings(entries: Entries, problems: Problem[]): ReadonlyMap<string, WordMeaning> {
  const words = new Map<string, WordMeaning>();
  for (const [word, node] of entries) {
    if (foldWord(word) !== word || word === '') {
      wrong(
        node,
        'a word in lower case without blanks',
        'rows are folded before they are looked up; write the folded word',
        problems,
        JSON.stringify(word),
      );
    }
    const meaning = readMap(node, ['type', 'container', 'envelope'], problems);
    const pick = <T extends string>(key: string, allowed: readonly T[]): T | null => {
      const value = meaning.get(key);
      return value === undefined ? null : readOneOf(value, allowed, problems);
    };
    words.set(word, {
      type: pick('type', IMAGE_TYPES),
      container: pick('container', CONTAINER_TYPES),
      envelope: pick('envelope', ENVELOPES),
    });
  }
  return words;
}

function readGroups(
  entries: Entries,
  words: ReadonlyMap<string, WordMeaning>,
  problems: Problem[],
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  const members = [NULL_WORD, ...words.keys(), UNKNOWN_WORD];
  for (const [name, node] of entries) {
    if (!/^[A-Z][A-Z0-9-]*$/.test(name) || name === NULL_WORD || name === UNKNOWN_WORD) {
      wrong(
        node,
        'a group name in capitals, other than NULL and UNKNOWN',
        'rename the group; capitals keep it apart from words',
        problems,
        JSON.stringify(name),
      );
    }
    groups.set(name, readWords(node, members, problems));
  }
  return groups;
}

function readAliases(
  files: readonly Entries[],
  words: ReadonlyMap<string, WordMeaning>,
  problems: Problem[],
): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  for (const [written, node] of files.flatMap((entries) => [...entries])) {
    const word = foldWord(written);
    if (word === '' || words.has(word)) {
      wrong(
        node,
        'a word that the vocabulary does not have',
        'a known word keeps its meaning; write a row to decide it otherwise',
        problems,
        JSON.stringify(written),
      );
      continue;
    }
    if (oneOrMany(node).length !== 1) {
      wrong(node, 'one word', 'name one word', problems);
      continue;
    }
    const target = readOneOf(node, [...words.keys()], problems);
    if (target !== null && !aliases.has(word)) aliases.set(word, target);
  }
  return aliases;
}
