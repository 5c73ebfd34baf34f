import { spawn } from 'node:child_process';
import { open, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What recipes work with: the corpus folder and the programs of the machine. */
export interface Workshop {
  /** Absolute path of a file of the corpus. */
  path(name: string): string;
  read(name: string): Promise<Buffer>;
  /** Copies a file of the corpus, or any other; what is zeros takes no space in the copy. */
  copy(from: string, file: string): Promise<void>;
  /**
   * Runs a program to its end.
   * @returns what it wrote to standard output.
   * @throws Error with the end of its standard error, where it exits with a code that is a failure.
   */
  run(program: string, arguments_: readonly string[], options?: RunOptions): Promise<Buffer>;
}

interface RunOptions {
  readonly input?: string | Buffer;
  readonly cwd?: string;
  /** Exit codes that are no failure; only 0 when absent. */
  readonly exitCodes?: readonly number[];
}

export function workshop(folder: string): Workshop {
  return {
    path: (name) => path.join(folder, name),
    read: (name) => readFile(path.join(folder, name)),
    copy: async (from, file) => {
      await runProgram('cp', ['--sparse=always', path.resolve(folder, from), file]);
    },
    run: runProgram,
  };
}

/** Programs for file systems live where an ordinary user's path does not lead. */
const PROGRAM_PATH = `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;

async function runProgram(program: string, arguments_: readonly string[], options: RunOptions = {}): Promise<Buffer> {
  const child = spawn(program, arguments_, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, PATH: PROGRAM_PATH, LC_ALL: 'C', TZ: 'UTC', SOURCE_DATE_EPOCH: '1322784000' },
  });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  // A program that does not want its input closes the pipe; whether it minds shows in its exit code.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${program} cannot be run: ${error.message}`)));
    child.once('close', resolve);
  });
  if (code === null || !(options.exitCodes ?? [0]).includes(code)) {
    const said = Buffer.concat([...errors, ...output])
      .toString('latin1')
      .slice(-2_000);
    throw new Error(`${program} ${arguments_.join(' ')} ended with ${String(code)}:\n${said}`);
  }
  return Buffer.concat(output);
}

/** Makes an empty file of `size` bytes that takes no space. */
export async function sparse(file: string, size: number): Promise<void> {
  await writeFile(file, '');
  await truncate(file, size);
}

/** Gives back the space of the zeros that a program has written out; where the file system cannot, nothing happens. */
export async function digHoles(shop: Workshop, file: string): Promise<void> {
  await shop.run('fallocate', ['--dig-holes', file], { exitCodes: [0, 1] });
}

export type Patch = readonly [offset: number, bytes: Uint8Array | string];

/** Writes bytes into a file, wherever; a string stands for its Latin-1 bytes. */
export async function patch(file: string, patches: readonly Patch[]): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    for (const [offset, bytes] of patches) {
      const buffer = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
      await handle.write(buffer, 0, buffer.length, offset);
    }
  } finally {
    await handle.close();
  }
}
