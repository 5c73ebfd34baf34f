import { isDecided, type Decision } from '../../model/decision.ts';
import type { ImageEvidence } from '../../model/image.ts';
import type { PlanSummary } from './summary-shape.ts';
import { PlanTally, type SummaryCell } from './tally.ts';
import { boundedText, hasRoom } from './sample-list.ts';

/** Counts a plan as its rows go by. Memory does not grow with the number of images. */
export interface PlanSummaryCollector {
  /** Counts one image. Called once a row, so it only looks up a counter; everything else waits for `result`. */
  add(evidence: ImageEvidence, decision: Decision): void;
  /** The summary of everything added so far. */
  result(): PlanSummary;
}

/**
 * Counters held before they are folded into the tally. A real database stays far below, because images share decisions;
 * where every image has its own, folding keeps the memory flat.
 */
const CELL_LIMIT = 10_000;

type Cells = Map<string | null, Map<string | null, Map<Decision, SummaryCell>>>;

export function createPlanSummary(): PlanSummaryCollector {
  const tally = new PlanTally();
  const cells: Cells = new Map();
  let cellCount = 0;
  let seen = 0;

  function cellOf(disk: string | null, container: string | null, decision: Decision): SummaryCell {
    const known = cells.get(disk)?.get(container)?.get(decision);
    if (known !== undefined) return known;
    if (cellCount >= CELL_LIMIT) fold();
    cellCount += 1;
    const cell: SummaryCell = { count: 0, samples: needsSamples(decision) ? [] : null };
    const byContainer = getOrMake(cells, disk, () => new Map<string | null, Map<Decision, SummaryCell>>());
    getOrMake(byContainer, container, () => new Map<Decision, SummaryCell>()).set(decision, cell);
    return cell;
  }

  function fold(): void {
    for (const [disk, byContainer] of cells) {
      for (const [container, byDecision] of byContainer) {
        for (const [decision, cell] of byDecision) tally.add(disk, container, decision, cell);
      }
    }
    cells.clear();
    cellCount = 0;
  }

  return {
    add({ image }, decision) {
      seen += 1;
      const cell = cellOf(spelling(image.diskFormat), spelling(image.containerFormat), decision);
      cell.count += 1;
      if (cell.samples !== null && hasRoom(cell.samples)) {
        cell.samples.push({ order: seen, id: image.id, name: image.name === null ? null : boundedText(image.name) });
      }
    },
    result() {
      fold();
      return tally.result();
    },
  };
}

function needsSamples(decision: Decision): boolean {
  // Content may have something to show without a finding: a safety code for information.
  return !isDecided(decision) || decision.findings.length > 0 || decision.content !== undefined;
}

function spelling(word: string | null): string | null {
  return word === null ? null : boundedText(word);
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
