import { sankey, type SankeyGraph, sankeyLinkHorizontal } from 'd3-sankey';
import { CONTAINER_TYPES, IMAGE_TYPES, type ImageType } from '../../../model/vocabulary.ts';
import { biggestFirst, summed, totalOf } from '../../plan/bounded-groups.ts';
import { classificationKey } from '../../plan/decided-tally.ts';
import type { OutcomeCount, PlanSummary, TupleCount } from '../../plan/report.ts';
import { classificationText, tupleText } from '../../words/decision-words.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import { safeText } from '../../words/safe-text.ts';
import { cutText } from '../../words/text-width.ts';
import { html, type SafeHtml } from '../markup/escape.ts';

/** Nodes of each side with a name of their own; more would not be readable. */
const SHOWN = 20;

/** How a node is filled: by image type, or by what has none. */
type FlowFill = ImageType | 'undecided' | 'not-applicable' | 'tuple';

interface FlowNode {
  readonly label: string;
  readonly fill: FlowFill;
  /** A word from the database, or text of our own. */
  readonly kind: 'word' | 'text';
  readonly count: number;
}

interface FlowLink {
  /** Indexes into `sources` and `targets`. */
  readonly source: number;
  readonly target: number;
  readonly count: number;
}

/** Which images a picture shows: all, or those with a payload. */
type FlowImages = 'all' | 'with-payload';

/** Legacy tuples and what they become. Every count is above zero; sources, targets and links have the same total. */
export interface FlowGraph {
  /** Biggest first; `other tuples` is last. */
  readonly sources: readonly FlowNode[];
  /** Undecided images, types in the order of the vocabulary, other types, images without a payload. */
  readonly targets: readonly FlowNode[];
  readonly links: readonly FlowLink[];
}

interface Target extends Omit<FlowNode, 'count'> {
  readonly place: number;
}

const UNDECIDED: Target = { label: 'undecided', fill: 'undecided', kind: 'text', place: -1 };
const NOT_APPLICABLE: Target = { label: 'not applicable', fill: 'not-applicable', kind: 'text', place: 2e6 };
const OTHER_TYPES: Target = { label: 'other types', fill: 'other', kind: 'text', place: 5e5 };

export function flowGraph({ tuples: allTuples, otherTuples }: PlanSummary, images: FlowImages): FlowGraph {
  const tuples = images === 'all' ? allTuples : biggestFirst(allTuples.flatMap(withPayload), tupleText);
  const shownTypes = biggestTypes(tuples.flatMap(({ outcomes }) => outcomes));
  const rows = [
    ...tuples
      .slice(0, SHOWN)
      .map((tuple) => ({ label: tupleText(tuple), kind: 'word' as const, outcomes: tuple.outcomes })),
    { label: 'other tuples', kind: 'text' as const, outcomes: tuples.slice(SHOWN).flatMap(({ outcomes }) => outcomes) },
  ];
  const flows = rows.map(({ outcomes }, index) => {
    const flow = new Map<Target, number>();
    for (const outcome of outcomes) addTo(flow, targetOf(outcome, shownTypes), outcome.count);
    if (index === rows.length - 1) {
      const { byStatus } = otherTuples;
      addTo(flow, OTHER_TYPES, byStatus.exact + byStatus.inferred);
      addTo(flow, UNDECIDED, byStatus.ambiguous + byStatus.unmappable);
      if (images === 'all') addTo(flow, NOT_APPLICABLE, byStatus['not-applicable']);
    }
    return flow;
  });
  const totals = new Map<Target, number>();
  for (const flow of flows) for (const [target, count] of flow) addTo(totals, target, count);
  const targets = [...totals].sort(([a], [b]) => a.place - b.place);
  const links: FlowLink[] = [];
  const sources: FlowNode[] = [];
  for (const [index, flow] of flows.entries()) {
    const row = rows[index];
    if (row === undefined || flow.size === 0) continue;
    for (const [target, count] of flow) {
      links.push({ source: sources.length, target: targets.findIndex(([other]) => other === target), count });
    }
    const count = [...flow.values()].reduce((total, part) => total + part, 0);
    sources.push({ label: row.label, kind: row.kind, fill: 'tuple', count });
  }
  return { sources, targets: targets.map(([{ label, fill, kind }, count]) => ({ label, fill, kind, count })), links };
}

/** The tuple without its images that have no payload; nothing where it has no others. */
function withPayload(tuple: TupleCount): readonly TupleCount[] {
  const outcomes = tuple.outcomes.filter(({ status }) => status !== 'not-applicable');
  return outcomes.length === 0 ? [] : [{ ...tuple, count: totalOf(outcomes), outcomes }];
}

function biggestTypes(outcomes: readonly OutcomeCount[]): ReadonlyMap<string, Target> {
  const counts = outcomes.flatMap(({ classification, count }) =>
    classification === null ? [] : { classification, count },
  );
  const shown = summed(counts, ({ classification }) => classificationKey(classification)).slice(0, SHOWN);
  return new Map(
    shown.map(({ classification }): readonly [string, Target] => {
      const { imageType, containerType, envelope } = classification;
      const container = CONTAINER_TYPES.indexOf(containerType) * 2 + (envelope === null ? 0 : 1);
      const place = IMAGE_TYPES.indexOf(imageType) * 100 + container;
      return [
        classificationKey(classification),
        { label: classificationText(classification), fill: imageType, kind: 'word', place },
      ];
    }),
  );
}

function targetOf({ status, classification }: OutcomeCount, shown: ReadonlyMap<string, Target>): Target {
  if (classification !== null) return shown.get(classificationKey(classification)) ?? OTHER_TYPES;
  return status === 'not-applicable' ? NOT_APPLICABLE : UNDECIDED;
}

function addTo(counts: Map<Target, number>, target: Target, count: number): void {
  if (count > 0) counts.set(target, (counts.get(target) ?? 0) + count);
}

/** Units of the view box; one is a pixel where the page is at its widest. */
const WIDTH = 1070;
const MARGIN = 300;
const NODE_WIDTH = 12;
/** Between two nodes. Labels are 12 pixels high, so they cannot meet. */
const GAP = 17;
/** Height for the counts themselves, without the gaps: grows with the nodes, up to a screen. */
const SCALE = { least: 80, node: 40, most: 320 };
const TOP = 26;
const BOTTOM = 10;
/** Columns of a label that fit beside its count. */
const LABEL_COLUMNS = 27;
/** Width of a digit in the widest of the fonts. */
const DIGIT = 7.7;
/** One image among a million stays visible. */
const THINNEST = 1.2;
/** What is undecided must be seen, however little it is. */
const THINNEST_UNDECIDED = 4;

function thinnest(fill: FlowFill): number {
  return fill === 'undecided' ? THINNEST_UNDECIDED : THINNEST;
}

type Laid = SankeyGraph<FlowNode & { readonly side: 'source' | 'target' }, object>;

/**
 * The flow from tuples to types as an SVG picture. A table beside it has the same figures for screen readers. The
 * caller leaves out a graph without links.
 *
 * @param name begins the ids of this picture.
 */
export function flowPicture(graph: FlowGraph, name: string): SafeHtml {
  const { nodes, links } = laidOut(graph);
  const height = heightOf(graph);
  const path = sankeyLinkHorizontal<FlowNode, object>();
  const ribbons = links.map((link) => {
    const { source, target } = link;
    if (typeof source !== 'object' || typeof target !== 'object')
      throw new Error('the layout left a link without ends');
    return html`<path
      class="${target.fill}"
      d="${path(link) ?? ''}"
      stroke-width="${Math.max(thinnest(target.fill), link.width ?? 0).toFixed(2)}"
      ><title>${source.label} → ${target.label}: ${imagesText(link.value)}</title></path
    > `;
  });
  return html`<svg class="flow" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${name}-name ${name}-text">
    <title id="${name}-name">Legacy tuples and what they become</title>
    <desc id="${name}-text">${pictureText(graph)}</desc>
    <text class="head" x="${MARGIN - 8}" y="10" text-anchor="end">disk_format / container_format</text>
    <text class="head" x="${WIDTH - MARGIN + 8}" y="10">image type / container type</text>
    ${ribbons}${nodes.map(nodeHtml)}
  </svg> `;
}

function pictureText({ sources, targets, links }: FlowGraph): string {
  const biggest = [...links].sort((a, b) => b.count - a.count).slice(0, 5);
  const streams = biggest.map(
    ({ source, target, count }) =>
      `${sources[source]?.label ?? ''} to ${targets[target]?.label ?? ''}, ${imagesText(count)}`,
  );
  return `The biggest streams: ${streams.join('; ')}. All of them are in the table below.`;
}

function heightOf({ sources, targets }: FlowGraph): number {
  const nodes = Math.max(sources.length, targets.length);
  return TOP + BOTTOM + Math.min(SCALE.most, SCALE.least + nodes * SCALE.node) + (nodes - 1) * GAP;
}

function laidOut(graph: FlowGraph): Laid {
  const { sources, targets, links } = graph;
  const layout = sankey<FlowNode & { readonly side: 'source' | 'target' }, object>()
    .nodeWidth(NODE_WIDTH)
    .nodePadding(GAP)
    // Keeps the order of the graph.
    .nodeSort(null)
    // Relaxing would tear gaps into two columns.
    .iterations(0)
    .extent([
      [MARGIN, TOP],
      [WIDTH - MARGIN, heightOf(graph) - BOTTOM],
    ]);
  return layout({
    nodes: [
      ...sources.map((node) => ({ ...node, side: 'source' as const })),
      ...targets.map((node) => ({ ...node, side: 'target' as const })),
    ],
    links: links.map(({ source, target, count }) => ({ source, target: sources.length + target, value: count })),
  });
}

function nodeHtml({ label, kind, fill, count, side, x0 = 0, x1 = 0, y0 = 0, y1 = 0 }: Laid['nodes'][number]): SafeHtml {
  const height = Math.max(thinnest(fill), y1 - y0).toFixed(2);
  const middle = ((y0 + y1) / 2).toFixed(2);
  const words = cutText(safeText(label), LABEL_COLUMNS);
  const figure = countText(count);
  // Two texts, because a word written from right to left would move the figure.
  const away = 8 + figure.length * DIGIT + 6;
  const text =
    side === 'source'
      ? html`<text class="count" x="${x0 - 8}" y="${middle}" text-anchor="end">${figure}</text
          ><text class="${kind}" x="${(x0 - away).toFixed(1)}" y="${middle}" text-anchor="end">${words}</text>`
      : html`<text class="count" x="${x1 + 8}" y="${middle}">${figure}</text
          ><text class="${fill === 'undecided' ? 'text open' : kind}" x="${(x1 + away).toFixed(1)}" y="${middle}"
            >${words}</text
          >`;
  return html`<g
    ><rect class="${fill}" x="${x0.toFixed(1)}" y="${y0.toFixed(2)}" width="${NODE_WIDTH}" height="${height}"
      ><title>${label}: ${imagesText(count)}</title></rect
    >${text}</g
  > `;
}
