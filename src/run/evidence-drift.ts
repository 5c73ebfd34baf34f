import type { PrePass } from '../glance/pre-pass.ts';

/**
 * Images whose evidence changed between two pre-passes although their own rows did not, so that no comparison of rows finds them: those
 * that others began or ceased to name, and, where properties are held, those whose properties mean something else now or name other images.
 * Not those that name an image which was itself deleted, restored or changed: nothing of theirs did.
 *
 * Ids that are compared are made one by one and dropped: a large table has hundreds of thousands of named images.
 */
export function changedEvidence(before: PrePass, after: PrePass): readonly string[] {
  const changed = new Set<string>();
  for (const id of before.references.targetIds()) {
    const old = before.references.referencedBy(id);
    const now = after.references.referencedBy(id);
    if (old?.asKernel !== now?.asKernel || old?.asRamdisk !== now?.asRamdisk) changed.add(id);
  }
  for (const id of after.references.targetIds()) if (before.references.referencedBy(id) === null) changed.add(id);
  if (before.shelf !== null && after.shelf !== null) {
    for (const id of before.shelf.differing(after.shelf)) changed.add(id);
    for (const id of after.shelf.differing(before.shelf)) changed.add(id);
  }
  return [...changed];
}
