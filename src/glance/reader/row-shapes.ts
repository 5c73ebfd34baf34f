import type { RowShape } from '../../model/image.ts';
import { parseShape } from './shape-column.ts';

/** Shapes kept; a deployment has some hundred. */
const KEPT = 10_000;

/** Reads shapes, each text once. All rows with the same text share one object. */
export class RowShapes {
  readonly #known = new Map<string, RowShape>();

  /** null for a text that is no shape. */
  of(text: string): RowShape | null {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const shape = parseShape(text);
    if (shape === null) return null;
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(text, shape);
    return shape;
  }
}
