import type { Classification, Decision } from '../../model/decision.ts';
import { SAFETY, type SafetyCode } from '../../model/safety.ts';
import type { ServicePrediction, ServiceRemedy, ServiceVerdict } from '../../model/service-prediction.ts';
import type { Predictor, ServiceRow } from '../../services/predictor.ts';
import { usedAs } from './facts.ts';
import { isBootPart, type NovaView, novaToday, novaVerdict } from './nova-today.ts';
import type { Observation } from './observation.ts';

/** What is known of an image beside its observation. */
interface Known {
  readonly payload: NovaView['payload'];
  /** null where nothing is decided. */
  readonly classification: Classification | null;
}

/** What the services do with an image, and what Nova does with it today. None of them is asked about one without data. */
export function foresee(
  seen: Observation,
  { payload, classification }: Known,
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
  const row: ServiceRow = { diskFormat, containerFormat, use: isBootPart(view) ? 'boot-part' : 'root', payload };
  const read = content?.kind === 'read' ? content : null;
  const predicted = predict(row, read?.inspection ?? null);
  const word = wordOfPart(classification);
  const asPart = { ...row, diskFormat: word, containerFormat: word, use: 'boot-part' } as const;
  const fitting = word === null ? predicted : forPart(predicted, word, predict(asPart, read?.inspection ?? null));
  const services = helpful(fitting, read?.safety ?? []);
  return { novaToday: novaToday(view, novaVerdict(services)), services };
}

/** The word for a bare kernel or ramdisk; null for everything else. */
function wordOfPart(classification: Classification | null): 'aki' | 'ari' | null {
  if (classification === null || classification.containerType !== 'raw' || classification.envelope !== null)
    return null;
  const { imageType } = classification;
  return imageType === 'kernel' ? 'aki' : imageType === 'ramdisk' ? 'ari' : null;
}

/**
 * The predictions with remedies for a kernel or a ramdisk. Nothing boots one as a disk or out of a container, so it is
 * never converted, and the only other words for it are those of its type, in both fields.
 *
 * @param underWord what the services do with it under these words.
 */
function forPart(
  predictions: readonly ServicePrediction[],
  word: string,
  underWord: readonly ServicePrediction[],
): readonly ServicePrediction[] {
  const takes = (service: string, release: 'verdict' | 'before'): boolean =>
    underWord.some((one) => one.service === service && one[release]?.kind === 'accepted');
  const corrected: ServiceRemedy = { kind: 'word', diskFormat: word, containerFormat: word };
  return withRemedies(predictions, (remedies, service, release) => [
    // It must be uploaded again, so Glance must take it as well.
    ...(takes(service, release) && takes('glance', release) ? [corrected] : []),
    ...remedies.filter(({ kind }) => kind === 'option'),
  ]);
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
  return safety.some((code) => SAFETY[code].severity === 'error') ? withRemedies(predictions, () => []) : predictions;
}

/** @returns the same list where nothing is refused: images with equal predictions share one. */
function withRemedies(
  predictions: readonly ServicePrediction[],
  change: (
    remedies: readonly ServiceRemedy[],
    service: string,
    release: 'verdict' | 'before',
  ) => readonly ServiceRemedy[],
): readonly ServicePrediction[] {
  const refuses = (verdict: ServiceVerdict | null): boolean => verdict?.kind === 'refused';
  if (!predictions.some(({ verdict, before }) => refuses(verdict) || refuses(before))) return predictions;
  const changed = (verdict: ServiceVerdict, service: string, release: 'verdict' | 'before'): ServiceVerdict =>
    verdict.kind === 'refused' ? { ...verdict, remedies: change(verdict.remedies, service, release) } : verdict;
  return predictions.map(({ service, verdict, before }) => ({
    service,
    verdict: changed(verdict, service, 'verdict'),
    before: before === null ? null : changed(before, service, 'before'),
  }));
}
