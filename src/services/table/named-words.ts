import { type Attribute, DECLARED, parts } from '../condition/condition.ts';
import { conditionsOfTable } from './conditions-of.ts';
import type { ServiceTable } from './service-table.ts';

/** Every disk_format that a remedy, a condition or an inspector of the table names, remedies first. */
export function namedDiskFormats(table: Omit<ServiceTable, 'diskFormats'>): readonly string[] {
  const formats = [...table.inspectors.values()].flatMap((inspector) => [
    ...inspector.formats.map((format) => format.name),
    inspector.otherwise,
  ]);
  return [...new Set([...table.words.map((remedy) => remedy.word), ...named(table, 'word'), ...formats])];
}

/** Every container_format that a condition or a remedy of the table names. */
export function namedContainers(table: Omit<ServiceTable, 'diskFormats'>): ReadonlySet<string> {
  return new Set([...named(table, 'container'), ...table.words.flatMap((remedy) => remedy.container ?? [])]);
}

function named(table: Omit<ServiceTable, 'diskFormats'>, attribute: Attribute): readonly string[] {
  return conditionsOfTable(table)
    .flatMap((condition) => [...parts(condition)])
    .flatMap((part) => (part.kind === 'attribute' && part.attribute === attribute ? [...part.allowed] : []))
    .filter((word) => word !== DECLARED);
}
