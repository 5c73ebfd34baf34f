import { describe, expect, it } from 'vitest';

import { knownWords } from '../../../src/commands/gate-nodes.ts';
import type { GateNode } from '../../../src/model/gate.ts';
import { formatReasons } from '../../../src/run/gate/formats.ts';
import { table } from '../../rules/evidence-builder.ts';

const knows = knownWords(table);

function node(name: string, disk: readonly string[], container: readonly string[] = ['bare']): GateNode {
  return { name, disk, container, diskPlace: `${name}:2 [image_format] disk_formats`, containerPlace: null };
}

describe('formats of the API nodes', () => {
  it('say nothing where they are alike, in whatever order, or where there is one node or none', () => {
    expect(formatReasons([], knows)).toEqual([]);
    expect(formatReasons([node('a', ['raw'])], knows)).toEqual([]);
    expect(formatReasons([node('a', ['raw', 'iso']), node('b', ['iso', 'raw'])], knows)).toEqual([]);
  });

  it('are told node by node, what differs and nothing else', () => {
    const reasons = formatReasons(
      [node('a', ['raw', 'iso']), node('b', ['raw', 'ploop']), node('c', ['raw'], ['bare', 'ova'])],
      knows,
    );
    expect(reasons.map(({ code, text }) => [code, text])).toEqual([
      ['CONF_FORMATS', '3 words are accepted by some of 3 nodes and refused by others'],
    ]);
    expect(reasons[0]?.details.map(({ text }) => text)).toEqual([
      "a: accepts disk iso, refuses disk ploop (a:2 [image_format] disk_formats); refuses container ova (Glance's default)",
      "b: accepts disk ploop, refuses disk iso (b:2 [image_format] disk_formats); refuses container ova (Glance's default)",
      "c: refuses disk iso, ploop (c:2 [image_format] disk_formats); accepts container ova (Glance's default)",
    ]);
  });

  it('are held against the rules: a word without a meaning, with the nodes that accept it', () => {
    const reasons = formatReasons([node('a', ['vpc', 'RAW']), node('b', ['vpc', 'RAW'], ['bare'])], knows);
    expect(reasons).toMatchObject([{ code: 'CONF_UNKNOWN_WORD', details: [{ text: 'disk_formats has vpc (a, b)' }] }]);
    expect(formatReasons([node('a', ['\u001b[31m'])], knows)[0]?.details[0]?.text).toContain(String.raw`"\u001b[31m"`);
  });
});
