/**
 * Draws docs/architecture.svg from the imports of `src`: a box for each floor with its folders, and an arrow from each
 * floor to those that it imports.
 *   tsx scripts/architecture-picture.ts            writes the picture
 *   tsx scripts/architecture-picture.ts --check    fails where the picture is not what the imports give
 * An arrow is left out where two others lead the same way: the picture shows the order, config/floors.json all that is allowed.
 */
import { readFileSync, writeFileSync } from 'node:fs';

import { sourceFiles } from './floors.ts';

const PICTURE = new URL('../docs/architecture.svg', import.meta.url);

interface Room {
  readonly name: string;
  readonly folders: readonly string[];
  readonly imports: ReadonlySet<string>;
}

interface Box {
  readonly room: Room;
  readonly x: number;
  readonly y: number;
  readonly lines: readonly string[];
}

const WIDTH = 960;
const BOX_WIDTH = 220;
const ROW_GAP = 56;
const LINE = 17;
const CHARACTERS = 32;

const drawn = picture(rooms());
if (process.argv[2] === '--check') {
  if (readFileSync(PICTURE, 'utf8') !== drawn) {
    process.stdout.write('docs/architecture.svg is not current: npm run architecture\n');
    process.exitCode = 1;
  }
} else {
  writeFileSync(PICTURE, drawn);
}

function rooms(): readonly Room[] {
  const found = new Map<string, { folders: Set<string>; imports: Set<string> }>();
  for (const { path, imports } of sourceFiles()) {
    const [, name = '', ...inside] = path.split('/');
    const room = found.get(name) ?? { folders: new Set(), imports: new Set() };
    found.set(name, room);
    if (inside.length > 1) room.folders.add(inside[0] ?? '');
    for (const target of imports) {
      const other = target.startsWith('src/') ? (target.split('/')[1] ?? '') : name;
      if (other !== name) room.imports.add(other);
    }
  }
  return Array.from(found, ([name, { folders, imports }]) => ({ name, folders: [...folders].toSorted(), imports }));
}

/** How far above the ground a room stands: one more than the highest of those that it imports. */
function heights(all: readonly Room[]): ReadonlyMap<string, number> {
  const known = new Map<string, number>();
  const heightOf = (name: string): number => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const imports = all.find((room) => room.name === name)?.imports ?? new Set();
    const height = Math.max(-1, ...Array.from(imports, heightOf)) + 1;
    known.set(name, height);
    return height;
  };
  for (const { name } of all) heightOf(name);
  return known;
}

function picture(all: readonly Room[]): string {
  const height = heights(all);
  const top = Math.max(...height.values());
  const boxes: Box[] = [];
  let y = 24;
  for (let floor = top; floor >= 0; floor -= 1) {
    const row = orderedRow(
      all.filter(({ name }) => height.get(name) === floor),
      boxes,
      all,
    );
    const space = WIDTH / row.length;
    const placed = row.map((room, place) => ({
      room,
      x: Math.round(space * (place + 0.5) - BOX_WIDTH / 2),
      y,
      lines: wrapped(room.folders),
    }));
    boxes.push(...placed);
    y += Math.max(...placed.map(boxHeight)) + ROW_GAP;
  }
  const total = y - ROW_GAP + 24;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${total}" font-family="sans-serif" role="img" aria-label="The floors of src and what each imports">`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#5b6b7f"/></marker></defs>',
    `<rect width="${WIDTH}" height="${total}" fill="#ffffff"/>`,
    ...boxes.flatMap((box) =>
      shortestWays(box.room, all).map((name) =>
        arrow(
          box,
          boxes.find(({ room }) => room.name === name),
        ),
      ),
    ),
    ...boxes.map(drawBox),
    '</svg>',
    '',
  ].join('\n');
}

/** A room stands below those that import it, so that few arrows cross. */
function orderedRow(row: readonly Room[], above: readonly Box[], all: readonly Room[]): readonly Room[] {
  const place = ({ name }: Room): number => {
    const importers = above.filter(({ room }) => shortestWays(room, all).includes(name));
    return importers.reduce((sum, { x }) => sum + x, 0) / Math.max(1, importers.length);
  };
  return row.toSorted((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1));
}

/** Imports that cannot be reached over another import: the others would only make the picture darker. */
function shortestWays({ imports }: Room, all: readonly Room[]): readonly string[] {
  const reach = (name: string): readonly string[] => {
    const next = all.find((room) => room.name === name)?.imports ?? new Set<string>();
    return [...next, ...Array.from(next).flatMap(reach)];
  };
  const indirect = new Set(Array.from(imports).flatMap(reach));
  return [...imports].filter((name) => !indirect.has(name)).toSorted();
}

function wrapped(words: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 2 <= CHARACTERS) lines[lines.length - 1] = `${last}, ${word}`;
    else lines.push(word);
  }
  return lines;
}

function boxHeight({ lines }: Box): number {
  return 34 + lines.length * LINE + (lines.length > 0 ? 6 : 0);
}

function drawBox(box: Box): string {
  const { room, x, y, lines } = box;
  const centre = x + BOX_WIDTH / 2;
  const text = lines.map(
    (line, place) =>
      `<text x="${centre}" y="${y + 40 + place * LINE}" font-size="12" fill="#3f4c5c" text-anchor="middle">${line}</text>`,
  );
  return [
    `<rect x="${x}" y="${y}" width="${BOX_WIDTH}" height="${boxHeight(box)}" rx="6" fill="#eef3f9" stroke="#5b6b7f"/>`,
    `<text x="${centre}" y="${y + 22}" font-size="15" font-weight="bold" fill="#16202c" text-anchor="middle">${room.name}</text>`,
    ...text,
  ].join('\n');
}

function arrow(from: Box, to: Box | undefined): string {
  if (to === undefined) return '';
  const start = from.x + BOX_WIDTH / 2 + spread(to.x - from.x);
  const end = to.x + BOX_WIDTH / 2 + spread(from.x - to.x);
  return `<path d="M${start} ${from.y + boxHeight(from)}L${end} ${to.y - 2}" stroke="#5b6b7f" fill="none" marker-end="url(#head)"/>`;
}

/** Arrows leave a box on the side to which they go. */
function spread(distance: number): number {
  return Math.max(-80, Math.min(80, Math.round(distance / 6)));
}
