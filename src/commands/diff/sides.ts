import { createReadStream } from 'node:fs';

import type { PairedRows, Side } from '../../db/engines/sqlite/paired-rows.ts';
import { introspectGlance } from '../../glance/introspect.ts';
import type { EventListener } from '../../model/event.ts';
import { type Problem, RetypeError } from '../../model/error.ts';
import { zeroStatusCounts } from '../../model/vocabulary.ts';
import type { DiffSide } from '../../report/diff/diff-summary.ts';
import { readPlanFile } from '../../report/diff/plan-file.ts';
import { createDecisionTexts, recordTexts } from '../../report/diff/plan-record.ts';
import type { StopRequest } from '../../run/context/stop.ts';
import type { ReadContext } from '../../run/context/context.ts';
import { plan } from '../../run/plan.ts';
import { grantObjections, refuseIfAny } from '../../run/preflight.ts';
import { databaseSpec, type GivenDatabase } from '../options/database.ts';
import { type GivenDeciding, loadDeciding } from '../options/deciding.ts';
import { probeChoice } from '../options/probe.ts';
import type { Session } from '../session/database.ts';
import { reportHeader } from '../session/report-header.ts';
import { STANDARD_INPUT } from '../options/kinds.ts';
import { openContent } from '../session/content.ts';

interface Reading {
  readonly rows: PairedRows;
  readonly onEvent: EventListener;
  readonly stop: StopRequest;
}

const PROGRESS_EVERY = 2_000;

/**
 * Reads a plan file into one side. Problems of the file go to `problems`; the side is useless then.
 * @returns null where a stop was requested meanwhile.
 */
export async function readFileSide(
  file: string,
  side: Side,
  { rows, onEvent, stop }: Reading,
  problems: Problem[],
): Promise<DiffSide | null> {
  const name = file === STANDARD_INPUT ? 'standard input' : file === '' ? 'a file without a name' : file;
  const byStatus = zeroStatusCounts();
  let images = 0;
  onEvent({ kind: 'phase', phase: 'read', total: null });
  try {
    const { header } = await readPlanFile(
      { name, chunks: chunksOf(file, stop) },
      (record, line) => {
        const earlier = rows.put(side, recordTexts(record), line);
        if (earlier !== null) {
          return { expected: 'every image once', found: `image ${record.image_id} again, first in line ${earlier}` };
        }
        byStatus[record.status] += 1;
        images += 1;
        if (images % PROGRESS_EVERY === 0) onEvent({ kind: 'progress', done: images });
        return null;
      },
      problems,
    );
    return stop.requested() ? null : { name, kind: 'file', images, byStatus, header };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error) || error instanceof RetypeError) throw error;
    problems.push({
      place: name,
      expected: 'a file that can be read',
      found: error.message,
      advice: 'check the path and the permissions',
    });
    return null;
  }
}

async function* chunksOf(file: string, stop: StopRequest): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = file === STANDARD_INPUT ? process.stdin : createReadStream(file, { highWaterMark: 256 * 1024 });
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    if (stop.requested()) return;
    yield chunk;
  }
}

type LiveReading = Reading & Pick<ReadContext, 'size' | 'clock'>;

/**
 * Reads rules, answers and addresses; opens nothing.
 * @returns what reads the database's side; null from it where a stop was asked for meanwhile.
 * @throws RetypeError with every problem of the first thing that is wrong.
 */
export function prepareLiveSide(
  options: GivenDatabase & GivenDeciding,
  session: Session,
): (reading: LiveReading) => Promise<DiffSide | null> {
  const choice = probeChoice(options, process.env);
  const deciding = loadDeciding(options);
  const spec = databaseSpec(options, process.env);
  return async ({ onEvent, stop, rows, size, clock }) => {
    await using reader = await session.open(spec, 'read-only');
    refuseIfAny(await grantObjections(reader, 'images', ['select']));
    const schema = await introspectGlance(reader, deciding);
    const header = await reportHeader(reader, schema, deciding, choice.mode);
    const around = { reader, schema, onEvent, stop, size, clock, columns: 'all' as const };
    using content = await openContent(choice, { ...around, decide: deciding.base });
    const { lookInside } = content;
    const byStatus = zeroStatusCounts();
    let images = 0;
    const texts = createDecisionTexts();
    const end = await plan({ ...around, decide: deciding.decide, lookInside }, ({ image }, decision) => {
      images += 1;
      rows.put('after', texts(image, decision), images);
      byStatus[decision.status] += 1;
    });
    content.tell();
    if (end === 'stopped') return null;
    return { name: reader.label, kind: 'database', images, byStatus, header: { ...header } };
  };
}
