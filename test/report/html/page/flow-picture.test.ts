import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Decision } from '../../../../src/model/decision.ts';
import type { ImageEvidence } from '../../../../src/model/image.ts';
import { CONTAINER_TYPES, IMAGE_TYPES } from '../../../../src/model/vocabulary.ts';
import { type FlowGraph, flowGraph, flowPicture } from '../../../../src/report/html/page/flow-picture.ts';
import type { PlanSummary } from '../../../../src/report/plan/report.ts';
import { textWidth } from '../../../../src/report/words/text-width.ts';
import { ambiguous, classification, decided, notApplicable, row, summaryOf } from '../../made-images.ts';
import { fullSummary, textOf } from '../made-report.ts';

type Made = readonly [ImageEvidence, Decision, number];

const decisions = fc.oneof(
  fc
    .record({ type: fc.constantFrom(...IMAGE_TYPES), container: fc.constantFrom(...CONTAINER_TYPES) })
    .map((words) => decided({ classification: classification(words.type, words.container) })),
  fc.constant(ambiguous()),
  fc.constant(notApplicable()),
);
const summaries: fc.Arbitrary<PlanSummary> = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constantFrom('raw', null, 'qcow2'), fc.string({ maxLength: 300 })),
      decisions,
      fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 400 })),
    ),
    { minLength: 1, maxLength: 60 },
  )
  .map((rows) => summaryOf(rows.map(([diskFormat, decision, times]): Made => [row({ diskFormat }), decision, times])))
  .map((summary) => ({
    ...summary,
    total: summary.total + 3,
    otherTuples: {
      count: 3,
      byStatus: { exact: 1, inferred: 0, ambiguous: 1, unmappable: 0, 'not-applicable': 1 },
    },
  }));

function sum(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((total, { count }) => total + count, 0);
}

describe('the graph', () => {
  test('keeps every image on both sides, in at most 21 tuples and 23 targets', () => {
    fc.assert(
      fc.property(summaries, (summary) => {
        const { sources, targets, links } = flowGraph(summary, 'all');
        expect([sum(sources), sum(targets), sum(links)]).toEqual([summary.total, summary.total, summary.total]);
        expect(sources.length).toBeLessThanOrEqual(21);
        expect(targets.length).toBeLessThanOrEqual(23);
        for (const [index, source] of sources.entries()) {
          expect(sum(links.filter((link) => link.source === index))).toBe(source.count);
        }
        for (const [index, target] of targets.entries()) {
          expect(sum(links.filter((link) => link.target === index))).toBe(target.count);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('names what becomes of what', () => {
    const { sources, targets, links } = flowGraph(fullSummary(), 'all');
    const lines = links.map(
      ({ source, target, count }) => `${sources[source]?.label} > ${targets[target]?.label}: ${count}`,
    );
    expect(lines).toContain('qcow2 / bare > disk/qcow2: 40');
    expect(lines).toContain('raw / bare > undecided: 7');
    expect(lines).toContain('NULL / NULL > undecided: 1');
    expect(lines).toContain('iso / bare > not applicable: 5');
    expect(lines).toContain('vhdx / bare > disk/vhdx in ova: 3');
  });
});

describe('the graph without images that have no payload', () => {
  const { sources, targets, links } = flowGraph(fullSummary(), 'with-payload');

  test('has all others, and no tuple that has no others', () => {
    expect([sum(sources), sum(targets), sum(links)]).toEqual([60, 60, 60]);
    expect(targets.map(({ label }) => label)).not.toContain('not applicable');
    expect(sources.map(({ label }) => label)).not.toContain('iso / bare');
  });

  test('has the undecided at the top', () => {
    expect(targets[0]).toEqual({ label: 'undecided', fill: 'undecided', kind: 'text', count: 10 });
  });

  test('leaves out those of further spellings as well', () => {
    const byStatus = { exact: 1, inferred: 2, ambiguous: 3, unmappable: 4, 'not-applicable': 50 };
    const summary = { ...summaryOf([]), otherTuples: { count: 60, byStatus } };
    expect(flowGraph(summary, 'with-payload').sources).toEqual([
      { label: 'other tuples', kind: 'text', fill: 'tuple', count: 10 },
    ]);
    expect(sum(flowGraph(summary, 'all').links)).toBe(60);
  });
});

/** More tuples and types than have a node of their own, the words as long as a column of Glance holds. */
function crowded(): PlanSummary {
  const types = IMAGE_TYPES.flatMap((type) =>
    CONTAINER_TYPES.map((container) => classification(type, container, 'xenserver-tgz')),
  );
  return summaryOf(
    types
      .slice(0, 26)
      .map((made, index): Made => [
        row({ diskFormat: `${'漢字W'.repeat(80)}${index}` }),
        decided({ classification: made }),
        index + 1,
      ]),
  );
}

test('what has no node of its own is joined, and named so', () => {
  const { sources, targets, links } = flowGraph(crowded(), 'all');
  expect([sources.length, targets.length]).toEqual([21, 21]);
  // The six smallest: 1 to 6 images.
  expect(sources.at(-1)).toEqual({ label: 'other tuples', kind: 'text', fill: 'tuple', count: 21 });
  expect(targets.at(-1)).toEqual({ label: 'other types', kind: 'text', fill: 'other', count: 21 });
  expect(sum(links)).toBe(351);
});

interface Label {
  readonly kind: 'count' | 'name';
  readonly anchor: 'start' | 'end';
  readonly y: number;
  /** What it takes of the picture: 12 pixels of the widest of the fonts. */
  readonly left: number;
  readonly right: number;
}

const LABEL =
  /<text class="(count|word|text|text open)" x="([\d.]+)" y="([\d.]+)"( text-anchor="end")?\s*>([^<]*)<\/text\s*>/g;

function labelsOf(picture: string): readonly Label[] {
  return [...picture.matchAll(LABEL)].map(([, name, x, y, end, inner = '']) => {
    const width = textWidth(inner.replaceAll(/&[#\w]+;/g, '&')) * (name === 'count' ? 7.7 : 7.3);
    const at = Number(x);
    return {
      kind: name === 'count' ? 'count' : 'name',
      anchor: end === undefined ? 'start' : 'end',
      y: Number(y),
      left: end === undefined ? at : at - width,
      right: end === undefined ? at + width : at,
    };
  });
}

function holdsItsLabels(graph: FlowGraph): void {
  const picture = flowPicture(graph, 'flow').toString();
  expect(picture).not.toContain('NaN');
  const [, width = 0, height = 0] = /viewBox="0 0 (\d+) (\d+)"/.exec(picture)?.map(Number) ?? [];
  const labels = labelsOf(picture);
  expect(labels).toHaveLength(2 * (graph.sources.length + graph.targets.length));
  const outside = labels.filter(({ left, right, y }) => left < 0 || right > width || y < 20 || y > height - 6);
  expect(outside).toEqual([]);
  const meeting = labels.filter((label, index) =>
    labels
      .slice(index + 1)
      .some((other) => label.left < other.right && other.left < label.right && Math.abs(label.y - other.y) < 15),
  );
  expect(meeting).toEqual([]);
}

describe('the picture', () => {
  test('no label meets another or leaves the picture', () => {
    fc.assert(
      fc.property(summaries, fc.constantFrom(1, 50_000_000), (summary, factor) => {
        const made = flowGraph(summary, 'all');
        const times = <T extends { readonly count: number }>(item: T): T => ({ ...item, count: item.count * factor });
        const graph = {
          sources: made.sources.map(times),
          targets: made.targets.map(times),
          links: made.links.map(times),
        };
        holdsItsLabels(graph);
      }),
      { numRuns: 40 },
    );
    holdsItsLabels(flowGraph(crowded(), 'all'));
  });

  test('of one image', () => {
    const picture = flowPicture(flowGraph(summaryOf([[row({}), decided()]]), 'all'), 'flow').toString();
    expect(picture).toContain('qcow2 / bare → disk/qcow2: 1 image');
    expect(picture).toMatch(/role="img"[^>]*aria-labelledby="flow-name flow-text"/);
    expect(picture).not.toContain('NaN');
  });
});

const svg = flowPicture(
  flowGraph(
    summaryOf([
      [row({}), decided(), 1_000_000 / 1000],
      [row({ diskFormat: 'raw<' }), ambiguous(), 1],
    ]),
    'all',
  ),
  'flow',
).toString();

it('has a rectangle for each node and a band for each link, named for a screen reader', () => {
  expect(svg.split('<rect')).toHaveLength(5);
  expect(svg.split('<path')).toHaveLength(3);
  const text = textOf(svg);
  expect(text).toContain('qcow2 / bare → disk/qcow2: 1,000 images');
  expect(text).toContain(
    'The biggest streams: qcow2 / bare to disk/qcow2, 1,000 images; raw< / bare to undecided, 1 image.',
  );
});

it('one image among a thousand can still be seen, and no word is markup', () => {
  const widths = Array.from(svg.matchAll(/stroke-width="([\d.]+)"/g), ([, width]) => Number(width));
  expect(Math.min(...widths)).toBeGreaterThanOrEqual(1.2);
  expect(svg).not.toMatch(/raw<|style=|NaN/);
});
