import type { ServicePrediction, ServiceRemedy } from '../../model/service-prediction.ts';
import type { ServiceSettings } from '../../services/predictor.ts';

/** Which services were asked, and in which releases. */
export function settingsRecord({ release, before, novaBackend }: ServiceSettings) {
  return { release, before, nova_backend: novaBackend };
}

/** What each service does with an image, by service. */
export function servicesRecord(predictions: readonly ServicePrediction[]) {
  return Object.fromEntries(predictions.map((prediction) => [prediction.service, predictionRecord(prediction)]));
}

/** Every verdict has every key, so that a reader needs no case. */
function predictionRecord({ verdict, before }: ServicePrediction) {
  return {
    verdict: verdict.kind,
    basis: verdict.kind === 'accepted' ? verdict.basis : null,
    step: verdict.kind === 'refused' ? verdict.step : null,
    check: verdict.kind === 'refused' ? verdict.check : null,
    why: verdict.kind === 'accepted' ? null : verdict.why,
    remedies: verdict.kind === 'refused' ? verdict.remedies.map(remedyRecord) : [],
    before: before?.kind ?? null,
    before_check: before?.kind === 'refused' ? before.check : null,
  };
}

function remedyRecord(remedy: ServiceRemedy) {
  switch (remedy.kind) {
    case 'word':
      return { kind: remedy.kind, disk_format: remedy.diskFormat, container_format: remedy.containerFormat };
    case 'conversion':
      return { kind: remedy.kind, to: remedy.to };
    case 'option':
      return { kind: remedy.kind, option: remedy.option, value: remedy.value };
  }
}
