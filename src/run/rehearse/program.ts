/** How a command of the program ended. */
export interface CommandEnd {
  /** null where a signal ended it. */
  readonly code: number | null;
  readonly milliseconds: number;
  readonly stdout: string;
  /** Why it failed, in its own words; empty where it did not. */
  readonly failure: string;
}

/** A command at work in a process of its own. */
export interface RunningCommand {
  /** Ends it as kill -9 does. */
  kill(): void;
  /** Asks for an orderly end. */
  stop(): void;
  /** Milliseconds since it was started. */
  elapsed(): number;
  readonly end: Promise<CommandEnd>;
}

/** Starts a command of this very program on the scratch schema. @param words the command and its options. */
export type StartCommand = (words: readonly string[]) => RunningCommand;
