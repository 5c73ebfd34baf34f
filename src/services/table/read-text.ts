import type { Problem } from '../../model/error.ts';
import { INSPECTION_FACTS } from '../../model/inspection.ts';
import { readText, wrong } from '../../yaml/read-node.ts';
import type { Located } from '../../yaml/yaml-tree.ts';
import type { Scope } from './read-condition.ts';

/** Names in braces that a clause may hold beside facts. */
const PLACEHOLDERS = ['word', 'container', 'detected', 'guest.detected', 'formats', 'release', 'backend'];

export const PLACEHOLDER = /\{([^{}]*)\}/gu;

/** Reads a clause for a person, and checks its placeholders. */
export function checkText(node: Located | undefined, parent: Located, scope: Scope, problems: Problem[]): string {
  const text = readText(node, parent.place, 'one clause without a full stop', problems) ?? '';
  const guest = scope.facts === 'file' ? Object.keys(INSPECTION_FACTS).map((fact) => `guest.${fact}`) : [];
  const known = [...PLACEHOLDERS, ...Object.keys(INSPECTION_FACTS), ...guest];
  for (const [, name = ''] of text.matchAll(PLACEHOLDER)) {
    if (!known.includes(name)) {
      wrong(
        node ?? parent,
        `one of ${PLACEHOLDERS.join(', ')}, or a fact`,
        'correct the name in braces',
        problems,
        `{${name}}`,
      );
    }
  }
  return text;
}
