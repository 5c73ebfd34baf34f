import type { Environment } from '../glance/conf/conf-files.ts';
import { defaultFormats, type ImageFormat, readImageFormat } from '../glance/conf/image-format.ts';
import type { GateNode } from '../model/gate.ts';
import { UNKNOWN_WORD } from '../rules/table/attribute.ts';
import type { RuleTable } from '../rules/table/rule-table.ts';
import { readWord } from '../rules/table/word.ts';
import type { KnowsWord } from '../run/gate/formats.ts';
import { usageError } from './options/usage.ts';

/** The configuration of one API node: files and directories in the order in which it reads them. */
export interface NodeFiles {
  readonly name: string;
  readonly layers: readonly string[];
  /** Of this process, for the node that runs here; empty for others. */
  readonly environment: Environment;
}

/**
 * Lists the nodes: one for each `--node-conf`, whose layers a comma separates. Without that option the
 * configuration that names the database is that of one node, which runs here.
 * @throws RetypeError USAGE for a layer without a name.
 */
export function nodeFiles({
  nodeConf = [],
  glanceConf = [],
  environment = {},
}: {
  readonly nodeConf?: readonly string[] | undefined;
  readonly glanceConf?: readonly string[] | undefined;
  readonly environment?: Environment;
}): readonly NodeFiles[] {
  if (nodeConf.length === 0 && glanceConf.length > 0) {
    return [{ name: glanceConf.join(','), layers: glanceConf, environment }];
  }
  return nodeConf.map((name) => {
    const layers = name.split(',');
    if (layers.includes('')) {
      throw usageError(
        `--node-conf ${name}`,
        'FILE, or FILE,DIRECTORY,… for the layers of one node',
        'a comma with nothing before or after it',
        'take the comma out',
      );
    }
    return { name, layers, environment: {} };
  });
}

/** Reads what every node accepts, before the era of the database is known. @throws RetypeError GLANCE_CONF. */
export function readNodes(
  nodes: readonly NodeFiles[],
): readonly { readonly name: string; readonly format: ImageFormat }[] {
  return nodes.map(({ name, layers, environment }) => ({ name, format: readImageFormat(layers, environment) }));
}

/** Fills in Glance's defaults. @param era as the schema says. */
export function withDefaults(nodes: ReturnType<typeof readNodes>, era: string): readonly GateNode[] {
  const defaults = defaultFormats(era);
  return nodes.map(({ name, format }) => ({
    name,
    disk: format.disk?.words ?? defaults.disk,
    container: format.container?.words ?? defaults.container,
    diskPlace: format.disk?.place ?? null,
    containerPlace: format.container?.place ?? null,
  }));
}

/** Says whether the rules, including the operator's aliases, know a word. */
export function knownWords({ vocabulary }: Pick<RuleTable, 'vocabulary'>): KnowsWord {
  return (column, word) => readWord(word, vocabulary[column]).word !== UNKNOWN_WORD;
}
