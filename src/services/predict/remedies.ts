import type { Condition, FactValue } from '../condition/condition.ts';
import { type Inspection, type LayerFacts, UNSEEN_LAYER } from '../../model/inspection.ts';
import type { ServiceRemedy } from '../../model/service-prediction.ts';
import { holds, type View } from '../condition/evaluate.ts';
import type { ServiceRow } from '../predictor.ts';
import { PLACEHOLDER } from '../table/read-text.ts';
import type { ConversionRemedy, ServiceTable, WordRemedy } from '../table/service-table.ts';
import type { JudgeContext } from './judge.ts';
import { withOption } from './released-service.ts';
import { weigh, type Weighed } from './weigh.ts';

/** The table as one release has it: what judges each service. */
export interface ReleasedTable {
  readonly table: ServiceTable;
  readonly contexts: ReadonlyMap<string, JudgeContext>;
}

/** What would make a service take an image that it refuses, best first: another word, a conversion, an option. */
export type Remedies = (context: JudgeContext, row: ServiceRow, bytes: Inspection | null) => readonly ServiceRemedy[];

export function createRemedies({ table, contexts }: ReleasedTable): Remedies {
  const stores = [...contexts.values()].filter(({ service }) => service.stores);

  /** The verdict if the service and every service that stores images accept it for certain, else null. */
  const accepted = (
    context: JudgeContext,
    row: ServiceRow,
    bytes: Inspection,
  ): (Weighed & { kind: 'accepted' }) | null => {
    const verdict = weigh(row, bytes, context);
    if (verdict.kind !== 'accepted') return null;
    return stores.every((store) => weigh(row, bytes, store).kind === 'accepted') ? verdict : null;
  };

  const word = (
    context: JudgeContext,
    row: ServiceRow,
    bytes: Inspection,
    remedy: WordRemedy,
  ): readonly ServiceRemedy[] => {
    const containerFormat = remedy.container ?? row.containerFormat;
    if (containerFormat === null) return [];
    if (remedy.word === row.diskFormat && containerFormat === row.containerFormat) return [];
    if (remedy.when !== null && !certainly(remedy.when, row, bytes.file, context)) return [];
    const verdict = accepted(context, { ...row, diskFormat: remedy.word, containerFormat }, bytes);
    const honest = remedy.container !== null || remedy.means.includes(verdict?.detected ?? '');
    return verdict !== null && honest ? [{ kind: 'word', diskFormat: remedy.word, containerFormat }] : [];
  };

  const conversion = (context: JudgeContext, row: ServiceRow, bytes: Inspection, remedy: ConversionRemedy) => {
    const disk =
      bytes.guest.kind === 'read' ? bytes.guest.facts : bytes.guest.kind === 'none' ? bytes.file : UNSEEN_LAYER;
    if (!certainly(remedy.when, row, bytes.file, context)) return [];
    const converted = convert(disk, remedy.writes);
    return accepted(context, { ...row, diskFormat: remedy.to }, converted) === null
      ? []
      : [{ kind: 'conversion' as const, to: remedy.to }];
  };

  return (context, row, bytes) => [
    ...(bytes === null ? [] : table.words.flatMap((remedy) => word(context, row, bytes, remedy))),
    ...(bytes === null ? [] : table.conversions.flatMap((remedy) => conversion(context, row, bytes, remedy))),
    ...context.service.options.flatMap((option): readonly ServiceRemedy[] => {
      const changed = { ...context, service: withOption(context.service, option) };
      const verdict = weigh(row, bytes, changed);
      if (verdict.kind !== 'accepted') return [];
      const detected = verdict.detected ?? row.diskFormat ?? '';
      const value = option.value.replaceAll(PLACEHOLDER, (text, name: string) =>
        name === 'detected' ? detected : text,
      );
      return [{ kind: 'option', option: option.option, value }];
    }),
  ];
}

/** What `qemu-img` makes of a disk: the disk without a container, or inside a new one. */
function convert(disk: LayerFacts, writes: ReadonlyMap<string, FactValue> | null): Inspection {
  if (writes === null) return { file: disk, guest: { kind: 'none' } };
  return { file: Object.fromEntries(writes) as LayerFacts, guest: { kind: 'read', facts: disk } };
}

/** Whether a condition holds whatever the unseen bytes are: an unseen fact makes it fail. */
function certainly(condition: Condition, row: ServiceRow, file: LayerFacts, context: JudgeContext): boolean {
  let unseen = false;
  const view: View = {
    release: context.service.release,
    attribute: (name) => (name === 'word' ? row.diskFormat : name === 'use' ? row.use : null) ?? undefined,
    fact: (_, name) => {
      const value = file[name];
      if (value === null) unseen = true;
      return value ?? undefined;
    },
    unsettled: () => false,
  };
  return holds(condition, view) && !unseen;
}
