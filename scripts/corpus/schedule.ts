import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Recipe } from './recipe.ts';
import type { Workshop } from './workshop.ts';

/** Programs that run at once: one a core of the smallest machine that the tests are meant for. */
const LANES = 2;

/**
 * Makes every recipe after those it needs, `LANES` at a time, in the order given as far as needs allow. Goes on after a failure
 * with what does not need it, so that one run shows everything that is missing on a machine.
 * @throws Error that tells all failures.
 */
export async function makeAll(recipes: readonly Recipe[], shop: Workshop): Promise<void> {
  const waiting = [...recipes];
  const done = new Set<string>();
  const failures: string[] = [];
  const running = new Set<Promise<void>>();
  for (;;) {
    const ready = running.size < LANES ? waiting.findIndex(({ needs }) => needs.every((name) => done.has(name))) : -1;
    const [recipe] = ready < 0 ? [] : waiting.splice(ready, 1);
    if (recipe === undefined) {
      if (running.size === 0) break;
      await Promise.race(running);
      continue;
    }
    const work: Promise<void> = makeOne(recipe, shop).then((failure) => {
      if (failure === null) done.add(recipe.name);
      else failures.push(failure);
      running.delete(work);
      return undefined;
    });
    running.add(work);
  }
  if (waiting.length > 0) failures.push(`for want of what they need: ${waiting.map(({ name }) => name).join(', ')}`);
  if (failures.length > 0) throw new Error(`these could not be made:\n${failures.join('\n')}`);
}

/** What went wrong, or null. */
async function makeOne(recipe: Recipe, shop: Workshop): Promise<string | null> {
  const file = shop.path(recipe.name);
  mkdirSync(path.dirname(file), { recursive: true });
  try {
    await recipe.make(shop, file);
    return null;
  } catch (error) {
    return `${recipe.name}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
