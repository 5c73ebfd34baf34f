import type { Inspection } from '../../model/inspection.ts';
import type { ServicePrediction, ServiceVerdict } from '../../model/service-prediction.ts';
import { conditionsOfTable } from '../table/conditions-of.ts';
import { domainsOf } from '../condition/domains.ts';
import type { Predictor, ServiceRow, ServiceSettings } from '../predictor.ts';
import type { ServiceTable } from '../table/service-table.ts';
import { releasedService } from './released-service.ts';
import { createRemedies, type ReleasedTable } from './remedies.ts';
import { remembered } from './remembered.ts';
import { weigh } from './weigh.ts';

/**
 * Returns the function that predicts what each service of a release does with an image, in the order of the table.
 * Services that never meet such an image are left out; an image without data meets none.
 * @throws Error if the settings name a release or backend that the table lacks.
 */
export function createPredictor(table: ServiceTable, settings: ServiceSettings): Predictor {
  const now = createJudge(table, settings.release, settings.novaBackend);
  const before = settings.before === null ? null : createJudge(table, settings.before, settings.novaBackend);
  return remembered(table, (row, bytes) => {
    const { payload } = row;
    if (payload === 'none') return [];
    return [...table.services.values()].flatMap(({ key, payloads }): readonly ServicePrediction[] =>
      payloads.includes(payload)
        ? [{ service: key, verdict: now(key, row, bytes), before: before?.(key, row, bytes) ?? null }]
        : [],
    );
  });
}

/** Returns the table as one release has it. */
function releasedTable(table: ServiceTable, release: string, backend: string): ReleasedTable {
  const index = table.releases.findIndex(({ name }) => name === release);
  if (index === -1) throw new Error(`no release ${release} in the table`);
  if (!table.backends.some(({ name }) => name === backend)) throw new Error(`no backend ${backend} in the table`);
  const domains = domainsOf(conditionsOfTable(table));
  const contexts = new Map(
    [...table.services].map(([key, service]) => [
      key,
      { service: releasedService(table, service, index), domains, backend },
    ]),
  );
  return { table, contexts };
}

/** Judges one service. */
type JudgeRow = (service: string, row: ServiceRow, bytes: Inspection | null) => ServiceVerdict;

function createJudge(table: ServiceTable, release: string, backend: string): JudgeRow {
  const released = releasedTable(table, release, backend);
  const remedies = createRemedies(released);
  return (key, row, bytes) => {
    const context = released.contexts.get(key);
    if (context === undefined) throw new Error(`no service ${key} in the table`);
    const weighed = weigh(row, bytes, context);
    if (weighed.kind === 'accepted') return { kind: 'accepted', basis: weighed.basis };
    if (weighed.kind === 'unknown') return weighed;
    const { kind, step, check, why, detected } = weighed;
    return { kind, step, check, why, remedies: remedies(context, row, bytes, detected) };
  };
}
