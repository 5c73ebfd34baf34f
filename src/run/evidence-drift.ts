import type { References } from '../glance/references.ts';

/**
 * Images that other images began or ceased to name between two pre-passes: their evidence changed although their own rows did
 * not, so no comparison of rows finds them.
 */
export function changedTargets(before: References, after: References): readonly string[] {
  const changed: string[] = [];
  for (const id of new Set([...before.targetIds(), ...after.targetIds()])) {
    const old = before.referencedBy(id);
    const now = after.referencedBy(id);
    if (old?.asKernel !== now?.asKernel || old?.asRamdisk !== now?.asRamdisk) {
      changed.push(id);
    }
  }
  return changed;
}
