import { GATE_REASONS, gateExitCode, type GateResult, type GateService } from '../../model/gate.ts';
import { RULE_SECTIONS, type RuleSection, type RuleTable, SECTION_TITLES } from '../../rules/table/rule-table.ts';
import type { ReportHeader } from '../plan/report.ts';
import type { Effect, Gist, RulesEffect } from '../rules-effect.ts';
import { type RuleText, sectionTexts } from '../words/rules-text.ts';
import { candidateRecord } from './decision-record.ts';
import { FORMAT_VERSION } from './format-version.ts';
import { remedyRecord } from './service-record.ts';

/** What gate found, as a JSON document. Keys are only ever added. */
export function gateRecord(result: GateResult, header: ReportHeader) {
  return {
    format_version: FORMAT_VERSION,
    glance_retype_gate: { version: FORMAT_VERSION, ...header },
    ready: result.reasons.length === 0,
    exit_code: gateExitCode(result),
    reasons: result.reasons.map(({ code, text, count, details }) => ({
      code,
      title: GATE_REASONS[code].title as string,
      text,
      count,
      details: details.map((detail) => ({
        text: detail.text,
        count: detail.count,
        sample_ids: detail.sampleIds,
        remedies: (detail.remedies ?? []).map(remedyRecord),
      })),
      advice: GATE_REASONS[code].advice as string,
    })),
    notes: result.notes,
    images: result.images,
    undecided: result.undecided,
    left: result.left,
    verified: result.verified === 'yes',
    nodes: result.nodes.map(({ name, disk, container, diskPlace, containerPlace }) => ({
      name,
      disk_formats: disk,
      disk_formats_from: diskPlace,
      container_formats: container,
      container_formats_from: containerPlace,
    })),
    services: Object.fromEntries(result.services.map((service) => [service.service, gateServiceRecord(service)])),
  };
}

function gateServiceRecord({ part, accepted, refused, refusedToday, unknown, unknownBecause }: GateService) {
  return {
    required: part === 'required',
    accepted,
    refused,
    refused_today: refusedToday,
    unknown,
    unknown_because: unknownBecause.map(({ why, count }) => ({ why, count })),
  };
}

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
export function rulesRecord(table: RuleTable, sections: readonly RuleSection[], origin: RulesOrigin) {
  return {
    ...headRecord(origin),
    aliases: aliasRecords(table),
    groups: {
      disk: Object.fromEntries(table.vocabulary.disk.groups),
      container: Object.fromEntries(table.vocabulary.container.groups),
    },
    sections: sections.map((section) => ({
      section,
      title: SECTION_TITLES[section],
      rows: sectionTexts(table, section).map((row) => ruleRecord(row)),
    })),
  };
}

/** What a check found, as a JSON document. `effect` null: no database was named. */
export function checkRecord(table: RuleTable, origin: RulesOrigin, effect: CheckedEffect | null) {
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

function headRecord({ toolVersion, files, digest, shippedDigest }: RulesOrigin) {
  return {
    format_version: FORMAT_VERSION,
    glance_retype: {
      version: FORMAT_VERSION,
      tool_version: toolVersion,
      rules_digest: digest,
      shipped_digest: shippedDigest,
    },
    files,
  };
}

function ruleRecord({ id, when, answer, reason, findings, place }: RuleText) {
  return {
    id,
    place,
    when: Object.fromEntries(when.map(({ attribute, words }) => [attribute, words])),
    answer,
    reason,
    findings,
  };
}

function effectRecord({ images, settled, changed, changes, otherChanges }: Effect) {
  return {
    images,
    settled,
    changed,
    changes: changes.map(({ diskFormat, containerFormat, before, after, count, samples }) => ({
      disk_format: diskFormat,
      container_format: containerFormat,
      before: gistRecord(before),
      after: gistRecord(after),
      count,
      samples,
    })),
    other_changes: otherChanges,
  };
}

function gistRecord({ status, rule, classifications }: Gist) {
  return { status, rule, classifications: classifications.map(candidateRecord) };
}
