import type { PrePass } from '../../glance/pre-pass.ts';
import { readRecentlyChanged } from '../../glance/properties/recent-properties.ts';
import { readReferrers } from '../../glance/references/references.ts';
import { sameTarget } from '../../glance/references/targets.ts';
import type { GlanceSchema } from '../../glance/tables/schema.ts';
import type { Database } from '../../db/database.ts';

/**
 * Finds images whose evidence changed between two pre-passes although their own rows did not, so that no comparison of
 * rows finds them: images that others began or ceased to name; images that name one that was deleted, restored or
 * changed (the properties are read once more for these); and images whose properties mean something else now or name
 * other images. Where properties are not cached, Glance's own time stamps tell which of them changed.
 *
 * Ids are compared one by one and dropped: a large table has hundreds of thousands of named images. The
 * rechangedTargets ids are held: a changed kernel brings every image that names it.
 */
export async function changedEvidence(
  reader: Database,
  schema: GlanceSchema,
  before: PrePass,
  after: PrePass,
): Promise<readonly string[]> {
  const changed = new Set<string>();
  const changedTargets: string[] = [];
  for (const id of before.references.targetIds()) {
    const old = before.references.referencedBy(id);
    const now = after.references.referencedBy(id);
    if (old?.asKernel !== now?.asKernel || old?.asRamdisk !== now?.asRamdisk) changed.add(id);
  }
  for (const id of after.references.targetIds()) {
    if (before.references.referencedBy(id) === null) changed.add(id);
    if (!sameTarget(before.references.targetOf(id), after.references.targetOf(id))) changedTargets.push(id);
  }
  if (changedTargets.length > 0) {
    for await (const referrers of readReferrers(reader, schema, changedTargets))
      for (const id of referrers) changed.add(id);
  }
  if (before.cache !== null && after.cache !== null) {
    for (const id of before.cache.differing(after.cache)) changed.add(id);
    for (const id of after.cache.differing(before.cache)) changed.add(id);
  } else if (before.since !== null) {
    for await (const ids of readRecentlyChanged(reader, schema, before.since)) for (const id of ids) changed.add(id);
  }
  return [...changed];
}
