import type { Condition } from '../condition/condition.ts';
import type { Inspector, Service, ServiceTable } from './service-table.ts';

/** Every condition of the table. */
export function conditionsOfTable(table: Omit<ServiceTable, 'diskFormats'>): readonly Condition[] {
  return [
    ...[...table.inspectors.values()].flatMap(conditionsOfInspector),
    ...[...table.services.values()].flatMap(conditionsOfService),
    ...[...table.words, ...table.conversions].map((remedy) => remedy.when),
  ].filter((condition) => condition !== null);
}

function conditionsOfInspector(inspector: Inspector): readonly (Condition | null)[] {
  return [
    inspector.crashes,
    ...inspector.formats.flatMap(({ matches, incomplete, checks }) => [
      matches,
      incomplete,
      ...checks.map((check) => check.fails),
    ]),
  ];
}

function conditionsOfService(service: Service): readonly (Condition | null)[] {
  return [
    ...service.notInspected,
    ...service.combinations.map((combination) => combination.when),
    ...service.steps.flatMap((step) => [step.when, 'condition' in step ? step.condition : null]),
  ];
}
