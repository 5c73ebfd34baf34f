import { readBounded } from '../../model/bounded-file.ts';
import { RetypeError } from '../../model/error.ts';
import { shippedFile } from '../../model/shipped-file.ts';
import type { YamlSource } from '../../yaml/yaml-tree.ts';

/** The text of one rules file. */
export interface RuleSource extends YamlSource {
  /** `shipped` may use every section; `operator` only `aliases` and `rows`. */
  readonly origin: 'shipped' | 'operator';
}

/** Reads the decision table of the program. */
export function shippedRules(): RuleSource {
  return { path: 'config/rules.yaml', text: shippedFile('config/rules.yaml'), origin: 'shipped' };
}

/**
 * Reads an operator's rules file.
 * @throws RetypeError RULES_FILE if it cannot be read.
 */
export function readRulesFile(path: string): RuleSource {
  return { path, text: readText(path), origin: 'operator' };
}

/** Most bytes of a rules file, inclusive: a hundred times the size of the shipped one. */
const LONGEST = 4 * 1024 * 1024;

function readText(path: string): string {
  try {
    return readBounded(path, LONGEST).toString('utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const found = code === 'EFBIG' ? `more than ${LONGEST / 1024 / 1024} MiB` : code;
    throw new RetypeError(
      'RULES_FILE',
      [{ place: path, expected: 'a readable YAML file', found, advice: 'check the path and its permissions' }],
      error,
    );
  }
}
