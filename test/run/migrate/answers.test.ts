import { describe, expect, it } from 'vitest';

import { createEra } from '../../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../../scripts/fixtures/eras/eras.ts';
import { createAnswerReview } from '../../../src/answers/answer-review.ts';
import { answering } from '../../../src/answers/answering.ts';
import type { Answers } from '../../../src/answers/answer/answer.ts';
import { introspectGlance } from '../../../src/glance/introspect.ts';
import { isDecided } from '../../../src/model/decision.ts';
import { RetypeError } from '../../../src/model/error.ts';
import { questionId } from '../../../src/model/question-id.ts';
import { answersOf, facts, questionsFile } from '../../answers/support/answers-file.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../../support/servers/engines.ts';
import {
  COLUMNS,
  columnNames,
  countByStatus,
  openBench,
  runExpand,
  runMigrate,
  runPlan,
  runRollback,
  runVerify,
  schemaText,
  shipped,
  TABLE,
  tableDigest,
  terms,
  type Bench,
} from '../../support/cloud/migration.ts';

const withAnswers = (answers: Answers) => ({ ...terms(), answersDigest: answers.digest });

describe.each(ENGINES)('a migration with answers on %s', (engine) => {
  it.each([
    ['newest', COLUMNS],
    ['newest', TABLE],
    ['diablo', COLUMNS],
  ] as const)('writes them, keeps who said it, verifies and rolls back (%s, $kind)', async (era, target) => {
    const { bench, ids } = await bareBench(engine, era);
    const answers = await answersFor(bench, ids);
    const asked = await asking(bench, answers);
    const decide = answering(shipped.decide, answers);
    const original = await columnNames(bench.writer, 'images');
    const before = [await tableDigest(bench.writer, 'images', original), await schemaText(bench.writer)];

    const planned = await runPlan(asked, { decide });
    const plain = countByStatus(await runPlan(bench));
    const counts = countByStatus(planned);
    expect(counts.ambiguous + counts.unmappable).toBeLessThan(plain.ambiguous + plain.unmappable);
    const review = createAnswerReview(answers, { rulesDigest: shipped.rulesDigest, database: 'test' });
    for (const { evidence, decision } of planned) review.add(evidence, decision);
    const { effects } = review.review();
    expect(effects.map(({ id, images }) => [id, images > 0])).toEqual(answers.answers.map(({ id }) => [id, true]));

    await runExpand(bench, target);
    const result = await runMigrate(asked, { decide, pageSize: 9 }, withAnswers(answers));
    expect(result.totals.counts).toEqual(counts);
    const stored = await journal(bench);
    for (const { evidence, decision } of planned) {
      if (decision.answered === undefined) continue;
      const row = stored.get(evidence.image.id);
      expect(row?.['status']).toBe(decision.status);
      expect(row?.['rule']).toBe(decision.rule);
      expect(row?.['image_type']).toBe(isDecided(decision) ? decision.classification.imageType : null);
    }
    const byId = stored.get(ids.named);
    expect(byId).toMatchObject({ rule: 'answer:by-id', image_type: 'kernel', container_type: 'raw' });
    expect(String(byId?.['evidence'])).toContain(
      'answered kernel/raw by Ada Ł. on 2026-11-24: seen at boot, \\"really\\"',
    );
    expect(String(byId?.['evidence'])).toContain('(answers.yaml:');
    expect(stored.get(ids.marked)).toMatchObject({ rule: 'answer:by-property', image_type: 'ramdisk' });

    const verified = await runVerify(asked, decide);
    expect([verified.sample, verified.refreshable]).toEqual([[], 0]);
    const without = await runVerify(bench);
    expect(without.differences['decision-changed']).toBe(
      effects.reduce((sum, { settled, overruled }) => sum + settled + overruled, 0),
    );

    const undone = await runRollback(bench, { kind: 'everything' });
    expect(undone.conflictCount).toBe(0);
    expect([await tableDigest(bench.writer, 'images', original), await schemaText(bench.writer)]).toEqual(before);
  });

  it('goes on where it stopped with the same answers, and refuses others', async () => {
    const { bench, ids } = await bareBench(engine, 'newest');
    const answers = await answersFor(bench, ids);
    const asked = await asking(bench, answers);
    const decide = answering(shipped.decide, answers);
    await runExpand(bench, COLUMNS);
    let batches = 0;
    const stop = { requested: () => (batches += 1) > 2 };
    expect((await runMigrate(asked, { decide, stop }, withAnswers(answers))).end).toBe('stopped');
    const refused = await runMigrate(bench).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RetypeError);
    expect(refused).toMatchObject({ code: 'RUN_MISMATCH' });
    const resumed = await runMigrate(asked, { decide }, withAnswers(answers));
    expect([resumed.end, resumed.resumed]).toEqual(['complete', true]);
    expect((await runVerify(asked, decide)).sample).toEqual([]);
  });

  it('with answers given later settles what an earlier run left open, and changes nothing else', async () => {
    const { bench, ids } = await bareBench(engine, 'newest');
    await runExpand(bench, COLUMNS);
    await runMigrate(bench);
    const first = await journal(bench);
    const answers = await answersFor(bench, ids);
    const asked = await asking(bench, answers);
    const decide = answering(shipped.decide, answers);
    await runMigrate(asked, { decide }, withAnswers(answers));
    expect((await runVerify(asked, decide)).sample).toEqual([]);
    for (const [id, row] of await journal(bench)) {
      if (!String(row['rule']).startsWith('answer:') && row['status'] !== 'unmappable') {
        expect(row['rule']).toBe(first.get(id)?.['rule']);
      }
    }
    await runRollback(bench, { kind: 'from-run', runId: 2 });
    expect((await runVerify(bench)).sample).toEqual([]);
  });
});

interface Ids {
  /** Answered by its id. */
  readonly named: string;
  /** Answered by a property that no rule looks at. */
  readonly marked: string;
}

/** A database whose undecided images are at least three, one of them with a property of the site's own. */
async function bareBench(engine: EngineName, era: string): Promise<{ readonly bench: Bench; readonly ids: Ids }> {
  const fresh = await withFreshDatabase(engine);
  await createEra(await openForTest(fresh.url), eraNamed(era));
  const bench = await openBench(fresh.url);
  const open = (await runPlan(bench)).filter(({ decision }) => decision.status === 'ambiguous');
  const [named, marked] = open.map(({ evidence }) => evidence.image.id);
  if (named === undefined || marked === undefined) throw new Error(`${era} has too few undecided images`);
  const no = bench.writer.dialect.name === 'postgres' ? 'FALSE' : '0';
  await bench.writer.execute(
    `INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, 'site role', 'initrd of web', '2020-01-01 00:00:00', ${no})`,
    [bench.schema.keyKind === 'integer' ? Number(marked) : marked],
  );
  return { bench, ids: { named, marked } };
}

/** By id, by a property, and one question of those that the plan asks. */
async function answersFor(bench: Bench, { named, marked }: Ids): Promise<Answers> {
  const asked = (await runPlan(bench))
    .filter(({ evidence }) => evidence.image.id !== named && evidence.image.id !== marked)
    .map(({ evidence, decision }) => questionId(evidence.image, decision))
    .filter((id) => id !== null);
  const [question] = asked;
  if (question === undefined) throw new Error('nothing is asked');
  return answersOf(
    questionsFile({
      questions: [[facts(question, { images: 1_000 }), { answer: 'disk/raw', author: 'eve' }]],
      answers: [
        '  - id: by-id',
        `    images: [${named}]`,
        '    answer: kernel/raw',
        '    author: Ada Ł.',
        '    date: 2026-11-24',
        '    reason: seen at boot, "really"',
        '  - id: by-property',
        '    when: { property: { site role: "initrd*" } }',
        '    answer: ramdisk/raw',
        '',
      ].join('\n'),
    }),
  );
}

/** The same database, read with the properties that answers ask for. */
async function asking(bench: Bench, answers: Answers): Promise<Bench> {
  const schema = await introspectGlance(bench.reader, { alsoProperties: answers.propertyNames });
  return { ...bench, schema, context: (options) => ({ ...bench.context(options), schema }) };
}

async function journal(bench: Bench) {
  const rows = await bench.writer.query(
    `SELECT i.image_id, i.status, i.rule, i.image_type, i.container_type, i.evidence
     FROM retype_images i`,
  );
  return new Map(rows.map((row) => [String(row['image_id']), row]));
}
