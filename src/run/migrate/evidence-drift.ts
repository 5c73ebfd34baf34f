import type { PrePass } from '../../glance/pre-pass.ts';
import { readRecentlyChanged } from '../../glance/properties/recent-properties.ts';
import { readReferrers } from '../../glance/references/references.ts';
import { sameTarget } from '../../glance/references/target-states.ts';
import type { GlanceSchema } from '../../glance/tables/schema.ts';
import type { Database } from '../../db/database.ts';

/**
 * Images whose evidence changed between two pre-passes although their own rows did not, so that no comparison of rows finds them: those
 * that others began or ceased to name; those that name an image which was deleted, restored or changed, for which the properties are read
 * once more; and those whose properties mean something else now or name other images. Where properties are not held, Glance's own time stamps
 * say which of them it changed.
 *
 * Ids that are compared are made one by one and dropped: a large table has hundreds of thousands of named images. What is returned is held:
 * a changed kernel brings all images that name it.
 */
export async function changedEvidence(
  reader: Database,
  schema: GlanceSchema,
  before: PrePass,
  after: PrePass,
): Promise<readonly string[]> {
  const changed = new Set<string>();
  const turned: string[] = [];
  for (const id of before.references.targetIds()) {
    const old = before.references.referencedBy(id);
    const now = after.references.referencedBy(id);
    if (old?.asKernel !== now?.asKernel || old?.asRamdisk !== now?.asRamdisk) changed.add(id);
  }
  for (const id of after.references.targetIds()) {
    if (before.references.referencedBy(id) === null) changed.add(id);
    if (!sameTarget(before.references.targetOf(id), after.references.targetOf(id))) turned.push(id);
  }
  if (turned.length > 0) {
    for await (const referrers of readReferrers(reader, schema, turned)) for (const id of referrers) changed.add(id);
  }
  if (before.cache !== null && after.cache !== null) {
    for (const id of before.cache.differing(after.cache)) changed.add(id);
    for (const id of after.cache.differing(before.cache)) changed.add(id);
  } else if (before.since !== null) {
    for await (const ids of readRecentlyChanged(reader, schema, before.since)) for (const id of ids) changed.add(id);
  }
  return [...changed];
}
