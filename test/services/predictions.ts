import type { Inspection } from '../../src/model/inspection.ts';
import type { ServiceVerdict } from '../../src/model/service-prediction.ts';
import { createPredictor } from '../../src/services/predict/create-predictor.ts';
import type { Predictor, ServiceRow } from '../../src/services/predictor.ts';
import { loadServices } from '../../src/services/table/load.ts';
import { shippedServices } from '../../src/services/table/service-files.ts';

export const TABLE = loadServices(shippedServices());
export const RELEASES = TABLE.releases.map(({ name }) => name);
export const WORDS = 'raw qcow2 iso vmdk vdi vhdx vhd ploop ami aki ari gpt luks'.split(' ');

const predictors = new Map<string, Predictor>();

/** What the shipped table says of one image. */
export function verdictOf(
  service: string,
  release: string,
  word: string,
  bytes: Inspection | null,
  row: Partial<ServiceRow> = {},
  novaBackend = 'qcow2',
): ServiceVerdict {
  const key = `${release} ${novaBackend}`;
  const predict = predictors.get(key) ?? createPredictor(TABLE, { release, before: null, novaBackend });
  predictors.set(key, predict);
  const whole: ServiceRow = { diskFormat: word, containerFormat: 'bare', use: 'root', payload: 'bytes', ...row };
  const found = predict(whole, bytes).find((prediction) => prediction.service === service);
  if (found === undefined) throw new Error(`no prediction for ${service}`);
  return found.verdict;
}

/** `accepted`, `unknown`, or the step and check that refuse. */
export function shortVerdict(verdict: ServiceVerdict): string {
  return verdict.kind === 'refused' ? `${verdict.step}:${verdict.check}` : verdict.kind;
}
