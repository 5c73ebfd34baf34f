import type { Target } from '../../journal/meta.ts';
import type { Ending } from './head.ts';
import { documentHead } from './head.ts';

/** What expand did. */
export interface Expanded extends Ending {
  readonly end: 'done' | 'already-expanded' | 'stopped';
  readonly target: Target;
  readonly columns: readonly string[];
  readonly tables: readonly string[];
}

/** The result of expand as JSON. Keys are only ever added. */
export function expandRecord({ end, target, columns, tables, ...ending }: Expanded) {
  return {
    ...documentHead(end, ending),
    target: target.kind,
    column_names:
      target.kind === 'table'
        ? null
        : {
            image_type: target.names.imageType,
            container_type: target.names.containerType,
            envelope: target.names.envelope,
          },
    columns_added: columns,
    tables_created: tables,
  };
}

/** What contract did. */
export interface Contracted extends Ending {
  readonly end: 'done' | 'already-contracted' | 'stopped';
  /** null where the tool's own tables no longer say it. */
  readonly target: Target['kind'] | null;
  readonly dropped: readonly string[];
}

/** The result of contract as JSON. Keys are only ever added. */
export function contractRecord({ end, target, dropped, ...ending }: Contracted) {
  return { ...documentHead(end, ending), target, dropped };
}
