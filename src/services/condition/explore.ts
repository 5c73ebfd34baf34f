/** Picks one of several possibilities, where nothing was seen that decides. */
export interface Path {
  /** The same key has the same value everywhere on a path. `options` is never empty. */
  readonly pick: <T>(key: string, options: readonly T[]) => T;
  /** Whether anything was picked under this key. */
  readonly picked: (key: string) => boolean;
}

interface Choice {
  readonly key: string;
  readonly options: readonly unknown[];
  at: number;
}

/** The result of one path, and the key of the choice at which it left the path before it; null for the first one. */
export interface Explored<R> {
  readonly result: R;
  readonly path: Path;
  readonly leftAt: string | null;
}

/**
 * Runs a function once for every combination of possibilities that it asks for. It must be pure: asked again with the
 * same answers, it asks the same. Choices that one path does not ask for are not multiplied.
 */
export function* explore<R>(run: (path: Path) => R): Generator<Explored<R>> {
  const choices: Choice[] = [];
  let leftAt: string | null = null;
  for (;;) {
    let depth = 0;
    const values = new Map<string, unknown>();
    const path: Path = {
      picked: (key) => values.has(key),
      pick: <T>(key: string, options: readonly T[]): T => {
        if (values.has(key)) return values.get(key) as T;
        const choice = (choices[depth] ??= { key, options, at: 0 });
        depth += 1;
        const value = choice.options[choice.at] as T;
        values.set(key, value);
        return value;
      },
    };
    yield { result: run(path), path, leftAt };
    choices.length = depth;
    while (choices.length > 0) {
      const last = choices.at(-1);
      if (last === undefined || last.at + 1 < last.options.length) break;
      choices.pop();
    }
    const next = choices.at(-1);
    if (next === undefined) return;
    next.at += 1;
    leftAt = next.key;
  }
}
