import type { ServicePrediction, ServiceRemedy, ServiceVerdict } from '../../model/service-prediction.ts';

type VerdictKind = ServiceVerdict['kind'];

export type RemedyRecord =
  | { readonly kind: 'word'; readonly disk_format: string; readonly container_format: string }
  | { readonly kind: 'conversion'; readonly to: string }
  | { readonly kind: 'option'; readonly option: string; readonly value: string };

/** A verdict in a JSON document. */
export type VerdictRecord =
  | { readonly verdict: 'accepted'; readonly basis: 'inspected' | 'not-inspected' }
  | {
      readonly verdict: 'refused';
      readonly step: string;
      readonly check: string;
      readonly why: string;
      /** Best first. */
      readonly remedies: readonly RemedyRecord[];
    }
  | { readonly verdict: 'unknown'; readonly why: string };

/** What one service does with an image. `before`: what it does in the earlier release; null unless two are compared. */
export type ServiceRecord = VerdictRecord & { readonly before: VerdictKind | null };

/** By service, in the order of the table; empty where no service was asked. */
export type ServicesRecord = Readonly<Record<string, ServiceRecord>>;

export function servicesRecord(predictions: readonly ServicePrediction[]): ServicesRecord {
  return Object.fromEntries(
    predictions.map(({ service, verdict, before }) => [
      service,
      { ...verdictRecord(verdict), before: before?.kind ?? null },
    ]),
  );
}

/** What the services do in the earlier release, by service; empty unless two are compared. */
export function servicesBeforeRecord(
  predictions: readonly ServicePrediction[],
): Readonly<Record<string, VerdictRecord>> {
  return Object.fromEntries(
    predictions.flatMap(({ service, before }) => (before === null ? [] : [[service, verdictRecord(before)]])),
  );
}

function verdictRecord(verdict: ServiceVerdict): VerdictRecord {
  switch (verdict.kind) {
    case 'accepted':
      return { verdict: verdict.kind, basis: verdict.basis };
    case 'refused': {
      const { kind, step, check, why, remedies } = verdict;
      return { verdict: kind, step, check, why, remedies: remedies.map(remedyRecord) };
    }
    case 'unknown':
      return { verdict: verdict.kind, why: verdict.why };
  }
}

export function remedyRecord(remedy: ServiceRemedy): RemedyRecord {
  switch (remedy.kind) {
    case 'word':
      return { kind: remedy.kind, disk_format: remedy.diskFormat, container_format: remedy.containerFormat };
    case 'conversion':
      return { kind: remedy.kind, to: remedy.to };
    case 'option':
      return { kind: remedy.kind, option: remedy.option, value: remedy.value };
  }
}

/**
 * All services as one cell: `nova=refused:mbr glance=accepted cinder=unknown`. With two releases, both where they
 * differ: `nova=accepted>refused:mbr`. Null where no service was asked.
 */
export function servicesText(predictions: readonly ServicePrediction[]): string | null {
  if (predictions.length === 0) return null;
  return predictions
    .map(({ service, verdict, before }) => {
      const [old, now] = [before === null ? null : verdictWord(before), verdictWord(verdict)];
      return `${service}=${old === null || old === now ? now : `${old}>${now}`}`;
    })
    .join(' ');
}

/** `refused:mbr`, `accepted`, `unknown`. */
function verdictWord(verdict: ServiceVerdict): string {
  return verdict.kind === 'refused' ? `${verdict.kind}:${verdict.check}` : verdict.kind;
}
