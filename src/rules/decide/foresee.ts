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

/** What the services do with an image, and what Nova does with it today. None is asked about one without data. */
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
  const part = bootPart(classification);
  const fitting =
    part === null
      ? predicted
      : forPart(predicted, row, part, (words) =>
          predict({ ...row, ...words, use: 'boot-part' }, read?.inspection ?? null),
        );
  const services = helpful(fitting, read?.safety ?? []);
  return { novaToday: novaToday(view, novaVerdict(services)), services };
}

interface BootPart {
  readonly word: 'aki' | 'ari';
  readonly name: 'kernel' | 'ramdisk';
}

/** null for everything but a bare kernel or ramdisk. */
function bootPart(classification: Classification | null): BootPart | null {
  if (classification === null || classification.containerType !== 'raw' || classification.envelope !== null)
    return null;
  const { imageType } = classification;
  if (imageType === 'kernel') return { word: 'aki', name: imageType };
  return imageType === 'ramdisk' ? { word: 'ari', name: imageType } : null;
}

type Words = Pick<ServiceRow, 'diskFormat' | 'containerFormat'>;

/**
 * The predictions for a kernel or a ramdisk that no image names: a service that refuses it as a disk may take it as
 * what it is. Nothing boots one as a disk or out of a container, so it is never converted, and the only other words for
 * it are those of its type, in both fields.
 *
 * @param asPart what the services do with it as a part of another image, under other words.
 */
function forPart(
  predictions: readonly ServicePrediction[],
  own: Words,
  { word, name }: BootPart,
  asPart: (words: Words) => readonly ServicePrediction[],
): readonly ServicePrediction[] {
  const words = { diskFormat: word, containerFormat: word };
  const [asItIs, corrected] = [asPart(own), asPart(words)];
  const remedy: ServiceRemedy = { kind: 'word', ...words };
  return withRefusals(predictions, ({ why, remedies, ...refusal }, service, release) => {
    const takes = (among: readonly ServicePrediction[], key: string): boolean =>
      among.some((one) => one.service === key && one[release]?.kind === 'accepted');
    const options = remedies.filter(({ kind }) => kind === 'option');
    if (takes(asItIs, service)) {
      return { ...refusal, why: `${why}; as the ${name} of another image it is not looked at`, remedies: options };
    }
    // It must be uploaded again, so Glance must take it as well.
    const helps = takes(corrected, service) && takes(corrected, 'glance');
    return { ...refusal, why, remedies: helps ? [remedy, ...options] : options };
  });
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
  return safety.some((code) => SAFETY[code].severity === 'error')
    ? withRefusals(predictions, (refusal) => ({ ...refusal, remedies: [] }))
    : predictions;
}

type Refused = Extract<ServiceVerdict, { readonly kind: 'refused' }>;

/** @returns the same list where nothing is refused: images with equal predictions share one. */
function withRefusals(
  predictions: readonly ServicePrediction[],
  change: (refusal: Refused, service: string, release: 'verdict' | 'before') => Refused,
): readonly ServicePrediction[] {
  const refuses = (verdict: ServiceVerdict | null): boolean => verdict?.kind === 'refused';
  if (!predictions.some(({ verdict, before }) => refuses(verdict) || refuses(before))) return predictions;
  const changed = (verdict: ServiceVerdict, service: string, release: 'verdict' | 'before'): ServiceVerdict =>
    verdict.kind === 'refused' ? change(verdict, service, release) : verdict;
  return predictions.map(({ service, verdict, before }) => ({
    service,
    verdict: changed(verdict, service, 'verdict'),
    before: before === null ? null : changed(before, service, 'before'),
  }));
}
