import type { ServiceRemedy, ServiceVerdict } from '../../model/service-prediction.ts';
import { tupleText } from './decision-words.ts';
import type { Tone } from './style.ts';

/** Which services are meant: one release or two, in words; with the backend of Nova if it has one. */
export function releasesText({
  release,
  before,
}: {
  readonly release: string;
  readonly before: string | null;
}): string {
  return before === null ? `OpenStack ${release}` : `OpenStack ${before} to ${release}`;
}

export const VERDICT_TONES: Readonly<Record<ServiceVerdict['kind'], Tone>> = {
  accepted: 'good',
  refused: 'bad',
  unknown: 'warn',
};

/** `accepted`, `refused by the step comparison: declared qcow2, found to be gpt`, `refused by the check mbr (safety)`. */
export function verdictText(verdict: ServiceVerdict): string {
  if (verdict.kind === 'unknown') return `unknown: ${verdict.why}`;
  if (verdict.kind === 'accepted') return verdict.basis === 'inspected' ? 'accepted' : 'accepted, not inspected';
  return `refused by ${refusalText(verdict)}: ${verdict.why}`;
}

/** Who refuses: `the check mbr (safety)` with its step, `the step comparison` where that has no checks. */
function refusalText({ step, check }: { readonly step: string; readonly check: string }): string {
  return check === step ? `the step ${step}` : `the check ${check} (${step})`;
}

/** What would make the service take the image, as an instruction. */
export function remedyText(remedy: ServiceRemedy): string {
  switch (remedy.kind) {
    case 'word':
      return `upload the same bytes as ${tupleText(remedy)}`;
    case 'conversion':
      return `convert it: qemu-img convert -O ${remedy.to}, and upload the result as ${remedy.to}`;
    case 'option':
      return `set ${remedy.option} = ${remedy.value}`;
  }
}
