import { type Inspection, type LayerFacts, UNSEEN_LAYER } from '../../model/inspection.ts';
import type { ServiceRemedy } from '../../model/service-prediction.ts';
import type { Condition, FactValue } from '../condition/condition.ts';
import { evaluate, type View } from '../condition/evaluate.ts';
import type { ServiceRow } from '../predictor.ts';
import { PLACEHOLDER } from '../table/read-text.ts';
import type { ConversionRemedy, Option, ServiceTable, WordRemedy } from '../table/service-table.ts';
import type { JudgeContext } from './judge.ts';
import { withOption } from './released-service.ts';
import { weigh } from './weigh.ts';

/** The table as one release has it: what judges each service. */
export interface ReleasedTable {
  readonly table: ServiceTable;
  readonly contexts: ReadonlyMap<string, JudgeContext>;
}

/** An image that a service refuses. `detected`: the format that it found; null if none or several. */
interface Case {
  readonly context: JudgeContext;
  readonly row: ServiceRow;
  readonly bytes: Inspection;
  readonly detected: string | null;
}

/**
 * What would make a service take an image that it refuses, best first: another word, a conversion, an option. Only what
 * helps for certain. Nothing where the bytes were not read, or may be dangerous.
 */
export type Remedies = (
  context: JudgeContext,
  row: ServiceRow,
  bytes: Inspection | null,
  detected: string | null,
) => readonly ServiceRemedy[];

export function createRemedies({ table, contexts }: ReleasedTable): Remedies {
  const stores = [...contexts.values()].filter(({ service }) => service.stores);
  const boots = [...contexts.values()].filter(({ service }) => service.boots);

  const accepted = (judges: readonly JudgeContext[], row: ServiceRow, bytes: Inspection): boolean =>
    judges.every((judge) => weigh(row, bytes, judge).kind === 'accepted');

  const word = ({ context, row, bytes, detected }: Case, remedy: WordRemedy): readonly ServiceRemedy[] => {
    const containerFormat = remedy.container ?? row.containerFormat;
    if (containerFormat === null) return [];
    const same = remedy.word === row.diskFormat && containerFormat === row.containerFormat;
    // A word with a container of its own is not looked at there. Any other must be what the content is.
    const fits = remedy.container !== null || remedy.means.includes(detected ?? '');
    if (same || !fits || !certainly(remedy.when, row, bytes.file, context)) return [];
    return accepted([context, ...stores], { ...row, diskFormat: remedy.word, containerFormat }, bytes)
      ? [{ kind: 'word', diskFormat: remedy.word, containerFormat }]
      : [];
  };

  const conversion = ({ context, row, bytes }: Case, remedy: ConversionRemedy): readonly ServiceRemedy[] => {
    if (!certainly(remedy.when, row, bytes.file, context)) return [];
    const converted = convert(diskOf(bytes), remedy.writes);
    return accepted([context, ...stores, ...boots], { ...row, diskFormat: remedy.to }, converted)
      ? [{ kind: 'conversion', to: remedy.to }]
      : [];
  };

  return (context, row, bytes, detected) => {
    if (bytes === null || mayBeDangerous(contexts, bytes)) return [];
    const refused = { context, row, bytes, detected };
    return [
      ...table.words.flatMap((remedy) => word(refused, remedy)),
      ...table.conversions.flatMap((remedy) => conversion(refused, remedy)),
      ...context.service.options.flatMap((one) => option(refused, one)),
    ];
  };
}

function option({ context, row, bytes, detected }: Case, one: Option): readonly ServiceRemedy[] {
  const verdict = weigh(row, bytes, { ...context, service: withOption(context.service, one) });
  if (verdict.kind !== 'accepted') return [];
  const value = one.value.replaceAll(PLACEHOLDER, () => detected ?? '');
  if (value !== one.value && detected === null) return [];
  return [{ kind: 'option', option: one.option, value }];
}

/**
 * Whether the bytes may match several formats that are no combination, or fail a check that protects the host, to the
 * inspector of any service.
 */
function mayBeDangerous(contexts: ReleasedTable['contexts'], bytes: Inspection): boolean {
  const all = [...contexts.values()];
  const combinations = all.flatMap(({ service }) => service.combinations.map((one) => one.formats));
  return all.some((context) => {
    const view = viewOf(bytes.file, context);
    const matching = context.service.inspector.formats.filter((format) => evaluate(format.matches, view) !== false);
    const names = matching.map((format) => format.name);
    if (names.length > 1 && !combinations.some((formats) => names.every((name) => formats.includes(name)))) return true;
    return matching.some((format) =>
      format.checks.some((check) => check.dangerous && evaluate(check.fails, view) !== false),
    );
  });
}

/** The disk that a machine would see. */
function diskOf({ file, guest }: Inspection): LayerFacts {
  if (guest.kind === 'read') return guest.facts;
  return guest.kind === 'none' ? file : UNSEEN_LAYER;
}

/** What `qemu-img` makes of a disk: the disk without a container, or inside a new one. */
function convert(disk: LayerFacts, writes: ReadonlyMap<string, FactValue> | null): Inspection {
  if (writes === null) return { file: disk, guest: { kind: 'none' } };
  return { file: Object.fromEntries(writes) as LayerFacts, guest: { kind: 'read', facts: disk } };
}

/** Whether a condition holds whatever the unseen bytes are. */
function certainly(condition: Condition | null, row: ServiceRow, file: LayerFacts, context: JudgeContext): boolean {
  return condition === null || evaluate(condition, viewOf(file, context, row)) === true;
}

function viewOf(file: LayerFacts, context: JudgeContext, row: ServiceRow | null = null): View {
  return {
    release: context.service.release,
    attribute: (name) => {
      if (name === 'chunks') return context.service.chunks;
      return (name === 'word' ? row?.diskFormat : name === 'use' ? row?.use : null) ?? undefined;
    },
    fact: (_, name) => {
      const value = file[name];
      return value === undefined ? [] : value === null ? (context.domains.get(name) ?? []) : [value];
    },
    unsettled: () => null,
  };
}
