import { describe, expect, it } from 'vitest';

import type { Decision } from '../../../src/model/decision.ts';
import {
  asBoth,
  asKernel,
  asRamdisk,
  decide,
  evidence,
  type Example,
  KERNEL_ID,
  outcomeText,
  rowsOf,
  table,
} from '../evidence-builder.ts';
import { sampled } from '../../support/effort.ts';

/** Every strong fact that an image can have, one list for each; the first entry of a list is its absence. */
const IMG_TYPES = [null, 'partition', 'whole-disk'];
const TYPES = [null, 'kernel', 'ramdisk', 'machine', 'raw', 'vhd'];
const SNAPSHOTS = [null, 'snapshot'];
const KEYS = [null, 'k'];
const KERNELS: readonly Example['kernel'][] = [
  undefined,
  { kind: 'live', id: KERNEL_ID, diskFormat: 'aki', containerFormat: 'aki' },
  { kind: 'live', id: KERNEL_ID, diskFormat: 'qcow2', containerFormat: 'bare' },
  { kind: 'missing', id: KERNEL_ID },
];
const REFERENCES = [null, asKernel, asRamdisk, asBoth];
const SIZES = [IMG_TYPES, TYPES, SNAPSHOTS, KEYS, KERNELS, REFERENCES].map((list) => list.length);

const DISKS = [null, 'raw', 'qcow2', 'luks', 'ami', 'aki', 'iso', 'gpt', 'extdump', 'root-tar', 'no-such-word'];
const CONTAINERS = [null, 'bare', 'ami', 'ova'];

/** Position in each of the lists above. */
type Facts = readonly number[];

function* allFacts(sizes: readonly number[] = SIZES): Generator<Facts> {
  const [size, ...rest] = sizes;
  if (size === undefined) {
    yield [];
    return;
  }
  for (let i = 0; i < size; i += 1) for (const tail of allFacts(rest)) yield [i, ...tail];
}

function exampleOf([imgType = 0, type = 0, snapshot = 0, key = 0, kernel = 0, reference = 0]: Facts): Example {
  const target = KERNELS[kernel];
  return {
    properties: {
      img_type: IMG_TYPES[imgType] ?? null,
      type: TYPES[type] ?? null,
      image_type: SNAPSHOTS[snapshot] ?? null,
      cinder_encryption_key_id: KEYS[key] ?? null,
    },
    ...(target === undefined ? {} : { kernel: target }),
    referencedBy: REFERENCES[reference] ?? null,
  };
}

/** The same facts with one more: a list that was at its absence takes one of its values. */
function* oneMore(facts: Facts): Generator<Facts> {
  for (const [list, at] of facts.entries()) {
    if (at !== 0) continue;
    for (let value = 1; value < (SIZES[list] ?? 0); value += 1) yield facts.with(list, value);
  }
}

const tupleRules = new Set(table.tuples.map((row) => row.id));

function decidedType(decision: Decision): string | null {
  return decision.status === 'exact' || decision.status === 'inferred' ? decision.classification.imageType : null;
}

/**
 * What gives way without a contradiction, by the table's own reasons: a snapshot mark to the image's other properties, and
 * type=raw, which was the uploader's default, to a kernel.
 */
function mayYield(rule: string, added: string): boolean {
  if (rule === 'SNAPSHOT') return ['img_type', 'type', 'kernel'].includes(added);
  return rule === 'TYPE-RAW' && added === 'kernel';
}

const LIST_NAMES = ['img_type', 'type', 'snapshot', 'key', 'kernel', 'reference'];

describe('evidence is monotone', () => {
  it.each(DISKS)(
    'in every combination of strong facts: no further fact turns an answer for %s into another type',
    (disk) => {
      const flips: string[] = [];
      let yielded = 0;
      let compared = 0;
      for (const container of CONTAINERS) {
        // Of raw all: the few combinations in which evidence yields are asserted below.
        for (const facts of disk === 'raw' ? allFacts() : sampled(allFacts())) {
          const before = decide(evidence(disk, container, exampleOf(facts)));
          const was = decidedType(before);
          // An answer that evidence gave or agreed with; the tuple alone, if inferred, may be overruled by evidence.
          const claim = rowsOf(before).find((id) => !tupleRules.has(id)) ?? null;
          if (was === null || (before.status !== 'exact' && claim === null)) continue;
          for (const more of oneMore(facts)) {
            const after = decide(evidence(disk, container, exampleOf(more)));
            const is = decidedType(after);
            compared += 1;
            if (is === null || is === was) continue;
            const added = LIST_NAMES[more.findIndex((at, list) => at !== facts[list])] ?? '';
            if (claim !== null && mayYield(claim, added)) yielded += 1;
            else
              flips.push(
                `${container}: ${before.rule} ${outcomeText(before)} + ${added} = ${after.rule} ${outcomeText(after)}`,
              );
          }
        }
      }
      expect(flips.slice(0, 5)).toEqual([]);
      // root-tar is never decided by evidence, so nothing can flip; everywhere else the comparison must have had something to do.
      if (disk !== 'root-tar') expect(compared).toBeGreaterThan(0);
      if (disk === 'raw') expect(yielded).toBeGreaterThan(0);
    },
  );
});
