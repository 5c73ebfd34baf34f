import { createAnswerReview } from '../answers/answer-review.ts';
import type { Database } from '../db/database.ts';
import type { PageColumns } from '../glance/reader/image-row.ts';
import { lookUpOwners } from '../glance/tables/image-lookup.ts';
import type { GlanceSchema } from '../glance/tables/schema.ts';
import type { AnswerReview } from '../model/answer.ts';
import type { ImageRecord } from '../model/image.ts';
import { ownText } from '../model/own-text.ts';
import { type Concern, concernOf, OwnerTally } from '../report/plan/owner-tally.ts';
import type { OwnerSummary, PlanSummary } from '../report/plan/report.ts';
import { createPlanSummary } from '../report/plan/summary.ts';
import type { DecisionSink } from '../run/context/context.ts';
import type { AddImage } from '../run/count-plan.ts';
import type { Deciding } from './options/deciding.ts';
import type { PlanOutputs } from './options/plan-outputs.ts';

interface Collected {
  readonly summary: PlanSummary;
  /** null where no answers file was given. */
  readonly answers: AnswerReview | null;
  /** What the rules alone leave open; the questions are about these images, answered or not. */
  readonly asked: PlanSummary;
}

/** Counts images as they are read and passes them to the outputs. */
export interface Collector {
  readonly sink: DecisionSink;
  /** For images of which nothing is wanted but their number. */
  readonly add: AddImage;
  collected(): Collected;
  /** Whom to ask. Looks owners up where they were not read with the rows; null where this Glance knows no owners. */
  owners(reader: Database, schema: GlanceSchema): Promise<OwnerSummary | null>;
}

/** @param columns that are read of each row. */
export function createCollector(
  { answers, base, rulesDigest }: Pick<Deciding, 'answers' | 'base' | 'rulesDigest'>,
  database: string,
  outputs: Pick<PlanOutputs, 'add'> | null,
  columns: PageColumns,
): Collector {
  const summary = createPlanSummary();
  const review = answers === null ? null : createAnswerReview(answers, { rulesDigest, database });
  const asked = answers === null ? null : createPlanSummary();
  const concerned = createConcerned(columns);
  return {
    sink(evidence, decision) {
      summary.add(evidence, decision);
      const concern = concernOf(evidence.image, decision);
      if (concern !== null) concerned.add(evidence.image, concern);
      review?.add(evidence, decision);
      asked?.add(evidence, base(evidence));
      return outputs?.add(evidence, decision);
    },
    add(evidence, decision, place) {
      const cell = summary.add(evidence, decision, place);
      const concern = concernOf(evidence.image, decision);
      if (concern === null) return cell;
      concerned.add(evidence.image, concern);
      // While ids are wanted, each image is added by itself.
      return { countAt: (further) => concerned.isFull() && cell.countAt(further) && concerned.pass() };
    },
    collected() {
      const whole = summary.result();
      return { summary: whole, answers: review?.review() ?? null, asked: asked?.result() ?? whole };
    },
    owners: (reader, schema) => concerned.owners(reader, schema),
  };
}

/**
 * Images whose owners are looked up at the end, where the rows are read without owners. Each costs plan 20 µs of
 * processor time; ids are random, so those met first are a fair sample.
 */
const MOST_LOOKED_UP = 5_000;

/** Images whose owners must be asked, or told. */
interface Concerned {
  add(image: ImageRecord, concern: Concern): void;
  /** No further image is looked up. */
  isFull(): boolean;
  /** Counts an image that is not looked up. */
  pass(): true;
  owners(reader: Database, schema: GlanceSchema): Promise<OwnerSummary | null>;
}

function createConcerned(columns: PageColumns): Concerned {
  const tally = new OwnerTally();
  const waiting: { readonly id: string; readonly concern: Concern }[] = [];
  let unseen = 0;
  return {
    add(image, concern) {
      if (columns === 'all') tally.add(image.owner, concern);
      else if (waiting.length < MOST_LOOKED_UP) waiting.push({ id: ownText(image.id), concern });
      else unseen += 1;
    },
    isFull: () => columns === 'all' || waiting.length >= MOST_LOOKED_UP,
    pass() {
      unseen += 1;
      return true;
    },
    async owners(reader, schema) {
      if (!schema.optionalColumns.has('owner')) return null;
      const owners = await lookUpOwners(
        reader,
        schema,
        waiting.map(({ id }) => id),
      );
      for (const { id, concern } of waiting.splice(0)) {
        const owner = owners.get(id);
        // Gone since it was read.
        if (owner === undefined) unseen += 1;
        else tally.add(owner, concern);
      }
      return tally.result(unseen);
    },
  };
}
