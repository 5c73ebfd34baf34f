import { RULE_SECTIONS, type RuleSection, type RuleTable, SECTION_TITLES } from '../../rules/table/rule-table.ts';
import type { WordList } from '../../rules/table/word.ts';
import { candidateRecord } from './decision-record.ts';
import type { Change, Effect, Gist, RulesEffect } from '../rules-effect.ts';
import { type RuleText, sectionTexts } from '../words/rules-text.ts';

/** Raised when a key of these documents changes its meaning; added keys do not count. */
const DOCUMENT_VERSION = 1;

export interface RulesOrigin {
  readonly toolVersion: string;
  /** The operator's files in the order given; their rows come before the shipped ones. */
  readonly files: readonly string[];
  /** SHA-256, hex, of the table with these files, as plan and the journal name it. */
  readonly digest: string;
  /** The same of the shipped table alone. */
  readonly shippedDigest: string;
}

/** The table as a JSON document; `sections` in the order of a decision. */
export function rulesRecord(table: RuleTable, sections: readonly RuleSection[], origin: RulesOrigin): object {
  return {
    ...headRecord(origin),
    aliases: aliasRecords(table),
    groups: { disk: groupsRecord(table.vocabulary.disk), container: groupsRecord(table.vocabulary.container) },
    sections: sections.map((section) => ({
      section,
      title: SECTION_TITLES[section],
      rows: sectionTexts(table, section).map((row) => ruleRecord(row)),
    })),
  };
}

/** What a check found, as a JSON document. `effect` null: no database was named. */
export function checkRecord(table: RuleTable, origin: RulesOrigin, effect: CheckedEffect | null): object {
  return {
    ...headRecord(origin),
    sound: true,
    rows: sectionTexts(table, 'operator').map((row) => {
      const found = effect?.effect.rows.get(row.id);
      return { ...ruleRecord(row), effect: found === undefined ? null : effectRecord(found) };
    }),
    aliases: aliasRecords(table).map((alias) => ({
      ...alias,
      images: effect?.effect.aliasImages.get(`${alias.column} ${alias.word}`) ?? null,
    })),
    alias_effect: effect === null ? null : effectRecord(effect.effect.aliases),
    database: effect?.database ?? null,
    images: effect?.effect.total ?? null,
    shipped_rows: RULE_SECTIONS.filter((section) => section !== 'operator').reduce(
      (total, section) => total + sectionTexts(table, section).length,
      0,
    ),
  };
}

/** The effect on a database, and what that is called. */
export interface CheckedEffect {
  readonly database: string;
  readonly effect: RulesEffect;
}

/** Words that the operator has read as others, in the order of the files. */
export function aliasRecords({
  vocabulary,
}: RuleTable): readonly { readonly column: 'disk' | 'container'; readonly word: string; readonly read_as: string }[] {
  return (['disk', 'container'] as const).flatMap((column) =>
    [...vocabulary[column].aliases].map(([word, meaning]) => ({ column, word, read_as: meaning })),
  );
}

function headRecord({ toolVersion, files, digest, shippedDigest }: RulesOrigin): object {
  return {
    glance_retype: {
      version: DOCUMENT_VERSION,
      tool_version: toolVersion,
      rules_digest: digest,
      shipped_digest: shippedDigest,
    },
    files,
  };
}

function groupsRecord({ groups }: WordList): object {
  return Object.fromEntries(groups);
}

function ruleRecord({ id, when, answer, reason, findings, place }: RuleText): object {
  return {
    id,
    place,
    when: Object.fromEntries(when.map(({ attribute, words }) => [attribute, words])),
    answer,
    reason,
    findings,
  };
}

function effectRecord({ images, settled, changed, changes, otherChanges }: Effect): object {
  return { images, settled, changed, changes: changes.map(changeRecord), other_changes: otherChanges };
}

function changeRecord({ diskFormat, containerFormat, before, after, count, samples }: Change): object {
  return {
    disk_format: diskFormat,
    container_format: containerFormat,
    before: gistRecord(before),
    after: gistRecord(after),
    count,
    samples,
  };
}

function gistRecord({ status, rule, classifications }: Gist): object {
  return { status, rule, classifications: classifications.map(candidateRecord) };
}
