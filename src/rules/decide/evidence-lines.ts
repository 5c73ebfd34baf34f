import type { Evidence } from '../../model/decision.ts';
import type { ReferenceTarget } from '../../model/image.ts';
import { REFUTABLE } from '../../model/verdict.ts';
import { refutedBy } from './content-fit.ts';
import { isSnapshotMark, type ReadFacts } from './facts.ts';
import type { Observation } from './observation.ts';
import type { SeenContent } from './seen-content.ts';
import type { ReadWord } from '../table/word.ts';

/** What was seen, for a person: at least the tuple, and everything else that says something about the image. */
export function evidenceLines(seen: Observation, read: ReadFacts): readonly Evidence[] {
  const lines: Evidence[] = [
    {
      kind: 'tuple',
      detail: `disk_format=${shownWord(seen.diskFormat)}, container_format=${shownWord(seen.containerFormat)}`,
    },
  ];
  const add = (kind: string, detail: string) => lines.push({ kind, detail });
  addReading('disk_format', read.disk, add);
  addReading('container_format', read.container, add);
  lines.push(...referenceLines(seen));
  for (const name of ['img_type', 'type'] as const) {
    const token = seen.tokens.get(name);
    if (token !== undefined) add('property', `${name}=${token}`);
  }
  addSnapshotMarks('property', seen.tokens, add);
  if (read.facts.snapshot === 'lost') addSnapshotMarks('lost-property', seen.lostTokens, add);
  if (read.facts.encryption_key === 'present') add('property', 'cinder_encryption_key_id is set');
  if (seen.content !== null) add('content', contentText(seen.content));
  const refuted = refutedBy(seen.content, read.disk.word);
  if (refuted !== null) add('content', `declared ${refuted}, but ${REFUTABLE[refuted]}${insideOf(seen.content)}`);
  return lines;
}

/** Lines about images that name this one or that it names. Only these have ids of other images. Consecutive. */
export function referenceLines(seen: Observation): readonly Evidence[] {
  const lines: Evidence[] = [];
  const add = (kind: string, detail: string) => lines.push({ kind, detail });
  addReferences(seen, add);
  addTarget('kernel_id', seen.kernel, add);
  addTarget('ramdisk_id', seen.ramdisk, add);
  return lines;
}

/** The evidence for a `not_applicable` row. */
export function notApplicableLines(seen: Observation, read: ReadFacts): readonly Evidence[] {
  const lines: Evidence[] = [{ kind: 'status', detail: `status=${shownWord(seen.status)}, ${seen.row}` }];
  if (read.facts.size === 'empty') lines.push({ kind: 'size', detail: 'size is 0 or not set' });
  if (read.facts.block_devices === 'present') lines.push({ kind: 'property', detail: 'a block device mapping is set' });
  if (read.facts.image_state === 'other') lines.push({ kind: 'property', detail: 'image_state is not available' });
  return lines;
}

type Add = (kind: string, detail: string) => void;

function addReading(column: string, word: ReadWord, add: Add): void {
  if (word.aliased) add('operator', `${column} read as ${word.word} by an alias`);
  else if (word.folded) add('tuple', `${column} read as ${word.word}`);
}

function addReferences({ referencedBy }: Observation, add: Add): void {
  if (referencedBy === null) return;
  const { asKernel, asRamdisk, sampleKernelOf, sampleRamdiskOf } = referencedBy;
  if (asKernel > 0) add('reference', `kernel_id of ${images(asKernel)}${example(sampleKernelOf)}`);
  if (asRamdisk > 0) add('reference', `ramdisk_id of ${images(asRamdisk)}${example(sampleRamdiskOf)}`);
}

function images(count: number): string {
  return count === 1 ? '1 live image' : `${count} live images`;
}

function example(id: string | null): string {
  return id === null ? '' : `, for example ${shownId(id)}`;
}

function addTarget(name: string, reference: ReferenceTarget, add: Add): void {
  if (reference.kind !== 'absent') add('property', `${name}=${shownId(reference.id)} (${reference.kind})`);
}

function addSnapshotMarks(kind: string, tokens: ReadonlyMap<string, string>, add: Add): void {
  for (const [name, token] of tokens) {
    if (isSnapshotMark(name, token)) add(kind, token === 'set' ? `${name} is set` : `${name}=${token}`);
  }
}

function contentText(content: SeenContent): string {
  if (content.kind === 'unread') return `could not be read: ${content.why}`;
  const { lines, certainty, why, safety } = content;
  const seen = lines.length === 0 ? '' : `${lines.join('; ')} `;
  const doubt = why === null ? `(${certainty})` : `(no type: ${why})`;
  return `${seen}${doubt}${safety.length === 0 ? '' : `; safety ${safety.join(', ')}`}`;
}

function insideOf(content: SeenContent | null): string {
  return content?.kind === 'read' && content.envelope !== null ? ` of what is inside (${content.envelope})` : '';
}

/** Words of the row as stored. Unusual ones are quoted and cut. */
function shownWord(text: string | null): string {
  if (text === null) return 'NULL';
  return /^[\w.-]{1,64}$/.test(text) ? text : JSON.stringify(text.slice(0, 64));
}

/** An id, if the text looks like one. Other text may be an address, and an address may contain a password. */
export function shownId(id: string): string {
  return /^[\w.-]{1,64}$/.test(id) ? id : `(${id.length} characters that are no id)`;
}
