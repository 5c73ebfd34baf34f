import type { Decision } from '../../model/decision.ts';
import { SAFETY, type SafetyCode } from '../../model/safety.ts';
import type { ServicePrediction, ServiceVerdict } from '../../model/service-prediction.ts';
import type { Predictor } from '../../services/predictor.ts';
import { usedAs } from './facts.ts';
import { isBootPart, type NovaView, novaToday, novaVerdict } from './nova-today.ts';
import type { Observation } from './observation.ts';

/** What the services do with an image, and what Nova does with it today. None of them is asked about one without data. */
export function foresee(
  seen: Observation,
  payload: NovaView['payload'],
  predict: Predictor,
): Pick<Decision, 'novaToday' | 'services'> {
  const { diskFormat, containerFormat, content } = seen;
  const view: NovaView = {
    diskFormat,
    containerFormat,
    kernel: seen.kernel.kind,
    ramdisk: seen.ramdisk.kind,
    usedAs: usedAs(seen),
    payload,
  };
  const row = { diskFormat, containerFormat, use: isBootPart(view) ? 'boot-part' : 'root', payload } as const;
  const read = content?.kind === 'read' ? content : null;
  const services = helpful(predict(row, read?.inspection ?? null), read?.safety ?? []);
  return { novaToday: novaToday(view, novaVerdict(services)), services };
}

/**
 * The predictions without remedies where the bytes are dangerous: no word, conversion or option may be suggested that
 * makes a service open what UNSAFE_CONTENT says must not be opened.
 *
 * @param safety the codes of the image.
 */
export function helpful(
  predictions: readonly ServicePrediction[],
  safety: readonly SafetyCode[],
): readonly ServicePrediction[] {
  if (!safety.some((code) => SAFETY[code].severity === 'error')) return predictions;
  return predictions.map(({ service, verdict, before }) => ({
    service,
    verdict: withoutRemedies(verdict),
    before: before === null ? null : withoutRemedies(before),
  }));
}

function withoutRemedies(verdict: ServiceVerdict): ServiceVerdict {
  return verdict.kind === 'refused' ? { ...verdict, remedies: [] } : verdict;
}
