import { FORMAT_VERSION } from '../../report/records/format-version.ts';
import { toolVersion } from '../log/version.ts';

/** How a command that writes began its document. */
export interface Ending {
  /** The address without secrets. */
  readonly database: string;
  readonly exitCode: 0 | 3 | 7;
  /** The commands to type next. */
  readonly next: readonly string[];
}

/** The first keys of the document of a command that writes. */
export function documentHead<End extends string>(end: End, { database, exitCode, next }: Ending) {
  return { format_version: FORMAT_VERSION, tool_version: toolVersion(), database, end, exit_code: exitCode, next };
}
