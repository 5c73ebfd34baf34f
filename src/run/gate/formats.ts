import type { GateDetail, GateNode, GateReason } from '../../model/gate.ts';

const COLUMNS = ['disk', 'container'] as const;
type Column = (typeof COLUMNS)[number];

/** Says whether the rules give a word a meaning. */
export type KnowsWord = (column: Column, word: string) => boolean;

/** Judges the configuration of the API nodes: reasons against a cutover. */
export function formatReasons(nodes: readonly GateNode[], knows: KnowsWord): readonly GateReason[] {
  return [differing(nodes), unknown(nodes, knows)].filter((reason) => reason !== null);
}

function differing(nodes: readonly GateNode[]): GateReason | null {
  const contested = COLUMNS.flatMap((column) => {
    const all = [...new Set(nodes.flatMap((node) => node[column]))];
    return all.filter((word) => nodes.some((node) => !node[column].includes(word))).map((word) => ({ column, word }));
  });
  if (contested.length === 0) return null;
  const details = nodes.map((node): GateDetail => {
    const parts = COLUMNS.flatMap((column) => {
      const words = contested.filter((item) => item.column === column).map((item) => item.word);
      const has = words.filter((word) => node[column].includes(word));
      const lacks = words.filter((word) => !node[column].includes(word));
      const said = [
        ...(has.length > 0 ? [`accepts ${column} ${wordList(has)}`] : []),
        ...(lacks.length > 0 ? [`refuses ${column} ${wordList(lacks)}`] : []),
      ];
      const place = column === 'disk' ? node.diskPlace : node.containerPlace;
      return said.length === 0 ? [] : [`${said.join(', ')} (${place ?? "Glance's default"})`];
    });
    return { text: `${node.name}: ${parts.join('; ')}`, count: null, sampleIds: [] };
  });
  return {
    code: 'CONF_FORMATS',
    text: `${contested.length === 1 ? 'one word is' : `${contested.length} words are`} accepted by some of ${nodes.length} nodes and refused by others`,
    count: null,
    details,
  };
}

function unknown(nodes: readonly GateNode[], knows: KnowsWord): GateReason | null {
  const details = COLUMNS.flatMap((column) => {
    const words = [...new Set(nodes.flatMap((node) => node[column]))].filter((word) => !knows(column, word));
    return words.map((word): GateDetail => {
      const names = nodes.filter((node) => node[column].includes(word)).map((node) => node.name);
      return { text: `${column}_formats has ${wordList([word])} (${names.join(', ')})`, count: null, sampleIds: [] };
    });
  });
  if (details.length === 0) return null;
  const text =
    details.length === 1
      ? 'one accepted word means nothing to the rules'
      : `${details.length} accepted words mean nothing to the rules`;
  return { code: 'CONF_UNKNOWN_WORD', text, count: null, details };
}

function wordList(words: readonly string[]): string {
  return words.map((word) => (/^[\w.+-]+$/u.test(word) ? word : JSON.stringify(word))).join(', ');
}
