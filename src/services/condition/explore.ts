/** Picks one of several possibilities, where nothing was seen that decides. `label` names what was not seen. */
export type Pick = <T>(label: string, options: readonly T[]) => T;

interface Choice {
  readonly label: string;
  readonly options: readonly unknown[];
  at: number;
}

/** The result of one path, and the label of the choice at which it left the path before it; null for the first one. */
export interface Explored<R> {
  readonly result: R;
  readonly leftAt: string | null;
}

/**
 * Runs a function once for every combination of possibilities that it asks for. It must be pure: given the same
 * answers, it asks the same. Possibilities that one path does not ask for are not multiplied.
 */
export function* explore<R>(run: (pick: Pick) => R): Generator<Explored<R>> {
  const choices: Choice[] = [];
  let leftAt: string | null = null;
  for (;;) {
    let depth = 0;
    const pick: Pick = <T>(label: string, options: readonly T[]): T => {
      const choice = (choices[depth] ??= { label, options, at: 0 });
      depth += 1;
      return choice.options[choice.at] as T;
    };
    yield { result: run(pick), leftAt };
    choices.length = depth;
    for (let last = choices.at(-1); last !== undefined && last.at + 1 >= last.options.length; last = choices.at(-1)) {
      choices.pop();
    }
    const next = choices.at(-1);
    if (next === undefined) return;
    next.at += 1;
    leftAt = next.label;
  }
}
