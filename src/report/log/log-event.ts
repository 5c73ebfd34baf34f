import type { ErrorCode, ExitCode } from '../../model/error-codes.ts';
import type { Problem } from '../../model/error.ts';
import type { Phase, StopCause, WaitReason } from '../../model/event.ts';

/**
 * `debug` is written with --verbose only. `info`: everything is as it should be. `warning`: look at it. `error`: the
 * command has failed.
 */
export type LogLevel = 'debug' | 'info' | 'warning' | 'error';

/** How far the work is. Null where it is not known, or not yet. */
export interface ProgressFact {
  readonly phase: Phase | null;
  /** Rows. */
  readonly done: number;
  readonly total: number | null;
  /** One digit after the point; 100 only where all rows are done. */
  readonly percent: number | null;
  readonly rows_per_second: number | null;
  readonly seconds_left: number | null;
  /** Images whose content was read. */
  readonly images_looked_into: number | null;
  /** What the work waits for; null while it goes on. */
  readonly waiting: WaitReason | null;
  readonly waiting_text: string | null;
}

/** What happened, with the keys of the log. docs/watching.md documents them; keys are only added. */
export type LogFact =
  | { readonly event: 'start'; readonly version: string; readonly host: string; readonly node: string }
  | { readonly event: 'database'; readonly database: string; readonly engine: string }
  | {
      readonly event: 'run';
      readonly state: 'begins' | 'goes-on' | 'undone';
      readonly shard: string | null;
    }
  /** What a command is about to write. */
  | { readonly event: 'intent'; readonly lines: readonly string[] }
  | { readonly event: 'phase'; readonly phase: Phase; readonly total: number | null }
  /** `occasion`: the interval is over, the phase has ended, or SIGUSR1 asked. */
  | ({ readonly event: 'progress'; readonly occasion: 'interval' | 'phase-end' | 'signal' } & ProgressFact)
  | {
      readonly event: 'batch';
      readonly batch: number;
      readonly pass: number;
      readonly rows: number;
      readonly rows_written: number;
      readonly undecided: number;
      readonly milliseconds: number;
    }
  /** Where the time of the command went; the parts overlap. */
  | {
      readonly event: 'times';
      readonly read_seconds: number;
      readonly decide_seconds: number;
      readonly write_seconds: number;
      readonly wait_seconds: number;
    }
  | { readonly event: 'retry'; readonly attempt: number; readonly reason: string }
  | {
      readonly event: 'waiting';
      readonly reason: WaitReason;
      readonly text: string;
      /** In the unit of the limit: percent, seconds, sessions. */
      readonly reading: number | null;
      readonly limit: number | null;
      readonly age_seconds: number | null;
      readonly waited_seconds: number;
    }
  | { readonly event: 'resumed'; readonly waited_seconds: number }
  | { readonly event: 'stopping'; readonly cause: StopCause; readonly text: string }
  | { readonly event: 'note'; readonly text: string }
  | { readonly event: 'warning'; readonly text: string }
  | {
      readonly event: 'error';
      readonly code: ErrorCode;
      readonly exit_code: ExitCode;
      readonly title: string;
      readonly problems: readonly Problem[];
      /** Of an internal error; null otherwise. */
      readonly stack: string | null;
    }
  /** The last event of a command. */
  | {
      readonly event: 'end';
      readonly exit_code: ExitCode;
      /** What the exit code means. */
      readonly meaning: string;
      readonly seconds: number;
      readonly rows: number;
      readonly rows_written: number;
      readonly undecided: number;
      /** What came of it; null where the exit code says it all. */
      readonly result: string | null;
      /** The next command, or what to do; null where nothing is left to do. */
      readonly next: string | null;
    };

/** What every event has beside its own keys. */
interface Common {
  /** Version of these keys. */
  readonly format_version: 1;
  /** ISO 8601, UTC, milliseconds, by the clock of this machine. */
  readonly time: string;
  readonly level: LogLevel;
  /** The event in words; may change between versions. */
  readonly message: string;
  /** null where the command line names none. */
  readonly command: string | null;
  readonly pid: number;
  /** The run that is worked on, once it is known. */
  readonly run_id: number | null;
}

/** One line of --log-format json. */
export type LogEvent = Common & LogFact;
