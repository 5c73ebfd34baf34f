import type { GlanceSchema } from '../glance/tables/schema.ts';
import type { PlanReport } from '../report/plan/report.ts';
import { renderPlan } from '../report/terminal/plan/plan.ts';
import type { PlanOutputs } from './options/plan-outputs.ts';
import { printOn } from './session/terminal.ts';

/** What is printed: what fits the terminal, or all there is. A pipe gets all there is. */
export type Extent = 'one-screen' | 'everything';

/** Prints the plan for a person: on standard output, or on standard error where a machine reads the other. */
export async function printPlan(
  report: PlanReport,
  outputs: PlanOutputs,
  schema: GlanceSchema,
  extent: Extent,
): Promise<void> {
  await printOn(outputs.standardOutput === 'free' ? 'stdout' : 'stderr', (style) =>
    renderPlan(report, extent === 'everything' ? { ...style, rows: null } : style),
  );
  for (const { table, engine } of schema.nonTransactionalTables) {
    process.stderr.write(
      `\nTABLE_NOT_TRANSACTIONAL: table ${table} is stored in ${engine}; expand and migrate will refuse until it is converted to InnoDB.\n`,
    );
  }
  for (const remark of schema.remarks) {
    process.stderr.write(`note: ${remark}\n`);
  }
}
