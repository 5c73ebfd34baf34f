import { columnList, type Target } from '../../journal/meta.ts';
import type { batchPaceOptions } from '../options/batch-pace.ts';
import type { GivenDeciding } from '../options/deciding.ts';
import type { Given } from '../options/kinds.ts';
import type { ProbeChoice } from '../options/probe.ts';

type GivenWords = GivenDeciding &
  Given<typeof batchPaceOptions> & {
    readonly target?: 'columns' | 'table' | undefined;
    readonly columnNames?: string | undefined;
  };

interface RehearsedWords {
  readonly commands: Readonly<Record<'expand' | 'migrate' | 'verify' | 'rollback', readonly string[]>>;
  /** Of migrate, for the certificate. */
  readonly pace: readonly string[];
}

/**
 * The commands of a rehearsal with the options that were given for production. They get no option that names the
 * source: the address of the scratch schema is in their environment.
 *
 * @param expanded how the source was expanded; null where it was not.
 */
export function rehearsedWords(given: GivenWords, choice: ProbeChoice, expanded: Target | null): RehearsedWords {
  const deciding = [
    ...(given.rules ?? []).flatMap((file) => ['--rules', file]),
    ...option('--answers', given.answers),
    ...probeWords(given, choice),
  ];
  const batchSize = option('--batch-size', given.batchSize);
  const pace = [...batchSize, ...option('--lanes', given.lanes), ...option('--max-latency', given.maxLatency)];
  return {
    commands: {
      expand: ['expand', ...targetWords(given, expanded), '--yes'],
      migrate: ['migrate', ...deciding, ...pace, '--yes'],
      verify: ['verify', ...deciding],
      rollback: ['rollback', ...batchSize, '--yes'],
    },
    pace,
  };
}

function option(name: string, value: unknown): readonly string[] {
  return typeof value === 'string' || typeof value === 'number' ? [name, String(value)] : [];
}

function targetWords({ target, columnNames }: GivenWords, expanded: Target | null): readonly string[] {
  if (target === undefined && columnNames === undefined && expanded !== null) {
    return expanded.kind === 'table'
      ? ['--target', 'table']
      : ['--target', 'columns', '--column-names', columnList(expanded.names).join(',')];
  }
  return [...option('--target', target), ...option('--column-names', columnNames)];
}

/** A token is passed in the environment, because other users can see a command line. */
function probeWords(given: GivenWords, choice: ProbeChoice): readonly string[] {
  if (choice.mode === 'off') return ['--probe', 'off'];
  return [
    '--probe',
    choice.mode,
    ...choice.stores.flatMap((store) => ['--store-path', store]),
    ...option('--image-api', given.imageApi),
    ...option('--probe-jobs', given.probeJobs),
    ...option('--probe-cache', given.probeCache),
  ];
}
