import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/**
 * Checks the structure of `src` against `config/floors.json`, an ordered list of floors: a floor imports the floors and the
 * libraries that it names, and every floor that it names stands before it in the list. No files and no folders import each
 * other in a circle, and no folder holds more than `filesInFolder` files.
 *
 *   npm run floors
 *
 * Type-only imports count: a type that is needed ties two files together as much as a function does.
 */
interface Floors {
  readonly floors: readonly {
    readonly name: string;
    readonly uses: readonly string[];
    readonly libraries: readonly string[];
  }[];
  readonly filesInFolder: number;
}

const ROOT = new URL('..', import.meta.url).pathname;
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'([./@:\w-]+)'/g;

export interface SourceFile {
  /** Relative to the project: `src/run/plan.ts`. */
  readonly path: string;
  /** Paths of files, as above, and names of packages. */
  readonly imports: readonly string[];
}

/** Every file of `src` with what it imports. */
export function sourceFiles(): readonly SourceFile[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `src/${name}`)
    .toSorted()
    .map((path) => ({ path, imports: importsOf(path, readFileSync(join(ROOT, path), 'utf8')) }));
}

export function importsOf(path: string, text: string): readonly string[] {
  const names = Array.from(text.matchAll(IMPORT), ([, name = '']) => name);
  return names.map((name) => (name.startsWith('.') ? normalize(join(dirname(path), name)) : name));
}

/** One line for each breach, and none where the structure is as `floors` says. */
export function breaches(files: readonly SourceFile[], { floors, filesInFolder }: Floors): readonly string[] {
  const folders = byFolder(files);
  const full = Array.from(folders).filter(([, inside]) => inside.length > filesInFolder);
  return [
    ...orderBreaches(floors),
    ...files.flatMap((file) => importBreaches(file, floors)),
    ...circles(new Map(files.map(({ path, imports }) => [path, imports]))).map(
      (circle) => `circle of files: ${circle.join(', ')}`,
    ),
    ...circles(folderImports(files)).map((circle) => `circle of folders: ${circle.join(', ')}`),
    ...full.map(([folder, inside]) => `${folder} holds ${inside.length} files; ${filesInFolder} are the most`),
  ];
}

function orderBreaches(floors: Floors['floors']): readonly string[] {
  const names = floors.map(({ name }) => name);
  return floors.flatMap(({ name, uses }, place) =>
    uses
      .filter((used) => !names.slice(0, place).includes(used))
      .map((used) => `config/floors.json: ${name} names ${used}, which does not stand before it`),
  );
}

function importBreaches({ path, imports }: SourceFile, floors: Floors['floors']): readonly string[] {
  const own = floorOf(path);
  const floor = floors.find(({ name }) => name === own);
  if (floor === undefined) return [`${path}: ${own} is no floor of config/floors.json`];
  return imports.flatMap((name) => {
    if (name.startsWith('node:')) return [];
    if (!name.startsWith('src/')) {
      const library = name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/');
      return floor.libraries.includes(library) ? [] : [`${path} imports ${library}, which belongs to another floor`];
    }
    const other = floorOf(name);
    return other === own || floor.uses.includes(other) ? [] : [`${path} imports ${name}; ${own} may not use ${other}`];
  });
}

function floorOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function folderImports(files: readonly SourceFile[]): ReadonlyMap<string, readonly string[]> {
  const groups = byFolder(files);
  return new Map(
    Array.from(groups, ([folder, inside]) => {
      const targets = inside.flatMap(({ imports }) => imports.filter((name) => name.startsWith('src/')).map(dirname));
      return [folder, Array.from(new Set(targets)).filter((target) => target !== folder)];
    }),
  );
}

function byFolder(files: readonly SourceFile[]): ReadonlyMap<string, readonly SourceFile[]> {
  const folders = new Map<string, SourceFile[]>();
  for (const file of files) {
    const folder = dirname(file.path);
    const inside = folders.get(folder);
    if (inside === undefined) folders.set(folder, [file]);
    else inside.push(file);
  }
  return folders;
}

/** The strongly connected parts of more than one node (Tarjan, 1972). */
export function circles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const seen = new Map<string, { readonly index: number; low: number; onStack: boolean }>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): { readonly index: number; low: number; onStack: boolean } => {
    const state = { index: seen.size, low: seen.size, onStack: true };
    seen.set(node, state);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!graph.has(next)) continue;
      const known = seen.get(next);
      if (known === undefined) state.low = Math.min(state.low, visit(next).low);
      else if (known.onStack) state.low = Math.min(state.low, known.index);
    }
    if (state.low === state.index) {
      const circle = stack.splice(stack.indexOf(node));
      for (const member of circle) Object.assign(seen.get(member) ?? {}, { onStack: false });
      if (circle.length > 1) found.push(circle.toSorted());
    }
    return state;
  };
  for (const node of graph.keys()) if (!seen.has(node)) visit(node);
  return found;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const files = sourceFiles();
  const floors = JSON.parse(readFileSync(join(ROOT, 'config/floors.json'), 'utf8')) as Floors;
  const found = breaches(files, floors);
  for (const breach of found) process.stdout.write(`${breach}\n`);
  process.stdout.write(`${files.length} files on ${floors.floors.length} floors, ${found.length} breaches\n`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
