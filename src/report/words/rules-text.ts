import type { Attribute } from '../../rules/table/attribute.ts';
import { conditionWords } from '../../rules/table/condition.ts';
import type {
  ContainerRef,
  ContentThen,
  EnvelopeRef,
  OperatorThen,
  Row,
  TupleThen,
  TypeRef,
  VoteThen,
} from '../../rules/table/rule-table.ts';
import type { RuleSection, RuleTable } from '../../rules/table/rule-table.ts';

/** One row of a table in words. */
export interface RuleText {
  readonly id: string;
  /** In the order in which they are looked at; empty where the row always holds. */
  readonly when: readonly { readonly attribute: Attribute; readonly words: readonly string[] }[];
  /** What the row answers. */
  readonly answer: string;
  readonly reason: string;
  readonly findings: readonly string[];
  /** `config/rules.yaml:120 tuples[3]` */
  readonly place: string;
}

/** The rows of a section, in the order in which they are tried. */
export function sectionTexts(table: RuleTable, section: RuleSection): readonly RuleText[] {
  const inWords = <Then>(rows: Iterable<Row<Then>>, answer: (row: Row<Then>) => string): readonly RuleText[] =>
    [...rows].map((row) => ({
      id: row.id,
      when: [...row.when].map(([attribute, allowed]) => ({
        attribute,
        words: conditionWords(attribute, allowed, table.vocabulary),
      })),
      answer: answer(row),
      reason: row.reason,
      findings: row.findings,
      place: row.place,
    }));
  switch (section) {
    case 'not_applicable':
      return inWords(table.notApplicable, () => 'not applicable');
    case 'operator':
      return inWords(table.operator, (row) => operatorText(row.outcome));
    case 'content':
      return inWords(table.content, (row) => contentText(row.outcome));
    case 'references':
    case 'properties':
      return inWords(table[section], voteText);
    case 'contradictions':
      return inWords(table.contradictions.values(), () => 'ambiguous');
    case 'tuples':
      return inWords(table.tuples, (row) => tupleText(row.outcome));
  }
}

const CONTENT_WORDS: Readonly<Record<ContentThen['answer'], string>> = {
  row: 'what the row says, in the container that the bytes prove',
  content: 'what the bytes say',
  chosen: 'the one that the bytes point at',
  'row-then-content': 'what the row says, or what the bytes say',
  'content-then-row': 'what the bytes say, or what the row says',
  'row-then-other': 'what the row says, or other',
  readings: 'one of the types that the bytes allow',
  'without-declared': 'what the bytes leave, without the declared format',
  named: '',
};

function contentText({ answer, status, types, container }: ContentThen): string {
  const words =
    answer === 'named' ? types.map((type) => `${type}/${container ?? ''}`).join(' or ') : CONTENT_WORDS[answer];
  return status === null ? words : `${status}: ${words}`;
}

function operatorText({ status, type, container, envelope }: OperatorThen): string {
  const inside = envelope === null ? '' : ` in ${envelopeText(envelope)}`;
  return `${status}: ${typeText(type)}/${containerText(container)}${inside}`;
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
