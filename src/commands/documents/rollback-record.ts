import type { StopCause } from '../../model/event.ts';
import type { RollbackResult, RollbackScope } from '../../run/rollback.ts';
import { documentHead, type Ending } from './head.ts';

/** Ids that the document names; the number says how many there are. */
const SAMPLE = 100;

/** What rollback did. */
export interface RolledBack extends Ending {
  readonly scope: RollbackScope;
  /** null where no run had to be undone. */
  readonly result: RollbackResult | null;
  /** null unless it was stopped. */
  readonly stoppedBy: StopCause | null;
  readonly end: 'finished' | 'stopped' | 'nothing-to-undo';
  readonly schema: 'restored' | 'kept';
}

/** The result of rollback as JSON. Keys are only ever added. */
export function rollbackRecord({ scope, result, end, stoppedBy, schema, ...ending }: RolledBack) {
  return {
    ...documentHead(end, ending),
    stopped_by: stoppedBy,
    scope: {
      kind: scope.kind,
      run: scope.kind === 'from-run' ? scope.runId : null,
      owner: scope.kind === 'owner' ? scope.owner : null,
      image: scope.kind === 'image' ? scope.imageId : null,
    },
    undone: result?.undone ?? 0,
    runs: result?.runs ?? [],
    conflicts: { count: result?.conflictCount ?? 0, sample_ids: (result?.conflicts ?? []).slice(0, SAMPLE) },
    schema,
  };
}
