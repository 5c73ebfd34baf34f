import { DECLARED, parts } from '../condition/condition.ts';
import { conditionsOfService } from './conditions-of.ts';
import type { ServiceTable } from './service-table.ts';

/** Every disk_format that a remedy, a condition or an inspector of the table names, remedies first. */
export function namedDiskFormats(table: Omit<ServiceTable, 'diskFormats'>): readonly string[] {
  const words = new Set(table.words.map((remedy) => remedy.word));
  for (const service of table.services.values()) {
    for (const condition of conditionsOfService(service)) {
      if (condition === null) continue;
      for (const part of parts(condition)) {
        if (part.kind === 'attribute' && part.attribute === 'word') for (const word of part.allowed) words.add(word);
      }
    }
  }
  for (const inspector of table.inspectors.values()) for (const format of inspector.formats) words.add(format.name);
  words.delete(DECLARED);
  return [...words];
}
