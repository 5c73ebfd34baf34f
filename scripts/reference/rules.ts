import type {
  ContainerRef,
  ContentThen,
  EnvelopeRef,
  Row,
  RowHead,
  TupleThen,
  TypeRef,
  VoteThen,
} from '../../src/rules/outcome.ts';
import type { RuleTable } from '../../src/rules/rule-table.ts';
import type { RuleLine } from './page.ts';

/** The table's rows in the order in which they are tried, each with its answer in words. */
export function ruleLines(table: RuleTable): readonly RuleLine[] {
  return [
    ...table.notApplicable.map((row) => line(row, 'not applicable')),
    ...table.content.map((row) => line(row, contentText(row.outcome))),
    ...[...table.references, ...table.properties].map((row) => line(row, voteText(row))),
    ...[...table.contradictions.values()].map((row) => line(row, 'ambiguous')),
    ...table.tuples.map((row) => line(row, tupleText(row.outcome))),
  ];
}

function line(row: RowHead, outcome: string): RuleLine {
  return { id: row.id, outcome, reason: row.reason };
}

const CONTENT_WORDS: Readonly<Record<ContentThen['answer'], string>> = {
  row: 'what the row says, in the container that the bytes prove',
  content: 'what the bytes say',
  chosen: 'the one that the bytes point at',
  'row-then-content': 'what the row says, or what the bytes say',
  'content-then-row': 'what the bytes say, or what the row says',
  'row-then-other': 'what the row says, or other',
  named: '',
};

function contentText({ answer, status, types, container }: ContentThen): string {
  const words =
    answer === 'named' ? types.map((type) => `${type}/${container ?? ''}`).join(' or ') : CONTENT_WORDS[answer];
  return status === null ? words : `${status}: ${words}`;
}

function voteText({ outcome: then }: Row<VoteThen>): string {
  const [only, ...others] = then.types;
  if (only === undefined) return 'says nothing about the type';
  if (others.length > 0) return `contradicts itself: ${then.types.map(typeText).join(', ')}`;
  const container = then.container ?? then.containerIfUnsaid;
  return `says ${typeText(only)}${container === null ? '' : `, container ${container}`}`;
}

function tupleText(then: TupleThen): string {
  const types = then.types.map((type, index) => {
    const container = then.containers[index] ?? then.containers[0];
    return container === undefined ? typeText(type) : `${typeText(type)}/${containerText(container)}`;
  });
  const envelope = then.envelope === null ? '' : ` in ${envelopeText(then.envelope)}`;
  return [then.status, types.join(' or ') + envelope].filter((part) => part !== '').join(': ');
}

function typeText(type: TypeRef): string {
  if (type === '$disk') return 'what disk_format says';
  if (type === '$container') return 'what container_format says';
  return type === '$bexar_type' ? "what the property 'type' says" : type;
}

function containerText(container: ContainerRef): string {
  return container === '$disk' ? "disk_format's container" : container;
}

function envelopeText(envelope: Exclude<EnvelopeRef, null>): string {
  return envelope === '$container' ? "container_format's envelope" : `envelope ${envelope}`;
}
