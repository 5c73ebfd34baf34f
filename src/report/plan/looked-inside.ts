import type { PlanSummary } from './summary-shape.ts';

/** What is known of the danger in the images' bytes. */
export type LookedInside =
  /** No image was asked for its content. */
  | { readonly kind: 'nobody' }
  | {
      readonly kind: 'looked';
      /** Images that carry a safety code of severity error. */
      readonly dangerous: number;
      readonly caution: number;
      readonly read: number;
      readonly unread: number;
      /** Images with a payload whose content was not asked for. */
      readonly unasked: number;
    };

export function lookedInside({ content, findings, total, byStatus }: PlanSummary): LookedInside {
  if (content === null) return { kind: 'nobody' };
  const { read, unread } = content;
  const found = (code: 'UNSAFE_CONTENT' | 'CONTENT_CAUTION'): number =>
    findings.find((finding) => finding.code === code)?.count ?? 0;
  // A finding counts images; codes overlap in one image, so that of the most frequent one is the least there can be.
  const atLeast = (severity: 'error' | 'warning'): number =>
    Math.max(0, ...content.safety.filter((item) => item.severity === severity).map(({ count }) => count));
  return {
    kind: 'looked',
    dangerous: Math.max(found('UNSAFE_CONTENT'), atLeast('error')),
    caution: Math.max(found('CONTENT_CAUTION'), atLeast('warning')),
    read,
    unread,
    unasked: Math.max(0, total - byStatus['not-applicable'] - read - unread),
  };
}
