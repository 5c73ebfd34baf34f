import { type ChildCost, runChild } from './child.ts';
import { type Measures, withMeasures } from './measures-file.ts';

/** The built program. */
export const CLI = new URL('../../dist/cli.js', import.meta.url).pathname;

export interface ProductCost extends ChildCost {
  readonly measures: Measures | null;
}

/** Runs the built program as an operator does; the address goes in by the environment, as the manual advises. */
export async function runProduct(url: string, ...words: readonly string[]): Promise<ProductCost> {
  const { result, measures } = await withMeasures((environment) =>
    runChild([process.execPath, CLI, ...words], { GLANCE_RETYPE_DATABASE_URL: url, ...environment }),
  );
  return { ...result, measures };
}
