export interface Instruction {
  /** In capitals: `RUN`, `COPY`. */
  readonly name: string;
  /** What follows, on one line. */
  readonly words: string;
}

export interface Stage {
  /** Null for the last one, which nothing is copied from. */
  readonly name: string | null;
  /** The image that it begins with, arguments filled in. */
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/**
 * Reads a Dockerfile of our own: ARG only before the first FROM, no escapes but line ends, no here-documents.
 * @throws Error for an instruction that stands before the first FROM.
 */
export function stagesOf(dockerfile: string): readonly Stage[] {
  const lines = dockerfile
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replaceAll(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const values = new Map<string, string>();
  const stages: { name: string | null; base: string; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name = '', words = ''] = /^\s*(\w+)\s+(.*\S)\s*$/.exec(line) ?? [];
    const stage = stages.at(-1);
    if (name === 'FROM') {
      const [base = '', , as] = words.split(/\s+/);
      const filled = base.replaceAll(/\$\{(\w+)\}/g, (_, key: string) => values.get(key) ?? '');
      stages.push({ name: as ?? null, base: filled, instructions: [] });
    } else if (stage !== undefined) stage.instructions.push({ name, words });
    else if (name === 'ARG') values.set(...(words.split('=') as [string, string]));
    else throw new Error(`${name} stands before the first FROM`);
  }
  return stages;
}
