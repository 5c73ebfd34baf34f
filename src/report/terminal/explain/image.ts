import type { ImageEvidence, ReferencedBy, ReferenceTarget } from '../../../model/image.ts';
import { SAFETY } from '../../../model/safety.ts';
import { shownId } from '../../../rules/decide/evidence-lines.ts';
import { readLostProperties, readProperties, type PropertyReading } from '../../../rules/trace/properties.ts';
import { type Labelled, renderLabelled } from '../layout/labelled.ts';
import { imagesText } from '../../words/number-text.ts';
import { safeText } from '../../words/safe-text.ts';
import { inside, section } from '../layout/section.ts';
import { paint, type TerminalStyle, type Tone } from '../../words/style.ts';
import { cut, renderTable, whole } from '../layout/table.ts';
import { cutText } from '../../words/text-width.ts';
import { classificationText, formatWord, SEVERITY_TONES, tupleText } from '../../words/decision-words.ts';

export function rowSection({ image }: ImageEvidence, style: TerminalStyle): string {
  const title = `Image ${image.id}${image.name === null ? '' : `  "${image.name}"`}`;
  const status = image.deleted ? `${image.status}, soft-deleted` : image.status;
  return [
    paint(cutText(safeText(title), style.width), 'bold', style),
    renderLabelled(
      [
        { label: '  disk_format', text: formatWord(image.diskFormat) },
        { label: '  container_format', text: formatWord(image.containerFormat) },
        { label: '  status', text: status, tone: image.deleted ? 'warn' : 'plain' },
        { label: '  size', text: image.size === null ? 'NULL' : `${image.size.toLocaleString('en-US')} bytes` },
        { label: '  min_disk', text: image.minDisk === null ? 'not known' : `${image.minDisk} GiB` },
        { label: '  owner', text: image.owner ?? 'none' },
      ],
      style,
    ),
  ].join('\n');
}

/** What the image's own properties say, live ones and lost ones. */
export function propertiesSection(evidence: ImageEvidence, style: TerminalStyle): string {
  const live = readProperties(evidence);
  const lost = readLostProperties(evidence);
  const lines = [
    live.length === 0 ? 'none of those that a rule looks at' : propertyTable(live, inside(style)),
    ...(lost.length === 0
      ? []
      : ['', 'Lost (soft-deleted without a time of deletion):', propertyTable(lost, inside(style))]),
  ];
  return section('Properties looked at', [lines.join('\n')], style);
}

function propertyTable(readings: readonly PropertyReading[], style: TerminalStyle): string {
  return renderTable(
    [whole('name'), cut('value'), whole('counts as')],
    readings.map(({ name, shown, countsAs }) => [
      name,
      shown === null ? { text: 'NULL', tone: 'dim' } : { text: shown, tone: 'plain' },
      { text: countsAs, tone: countsAs === 'nothing' ? 'dim' : 'plain' },
    ]),
    style,
  );
}

/** Which images this one names, and which name it. */
export function referencesSection({ kernel, ramdisk, referencedBy }: ImageEvidence, style: TerminalStyle): string {
  const lines: readonly Labelled[] = [
    { label: 'kernel_id', ...targetLine(kernel) },
    { label: 'ramdisk_id', ...targetLine(ramdisk) },
    { label: 'named by', text: referrersText(referencedBy) },
  ];
  return section('References', [renderLabelled(lines, inside(style))], style);
}

function targetLine(target: ReferenceTarget): { readonly text: string; readonly tone: Tone } {
  switch (target.kind) {
    case 'absent':
      return { text: 'none', tone: 'dim' };
    case 'live': {
      return { text: `${shownId(target.id)}, a live image declared ${tupleText(target)}`, tone: 'plain' };
    }
    case 'deleted':
      return { text: `${shownId(target.id)}, which is soft-deleted`, tone: 'warn' };
    case 'missing':
      return { text: `${shownId(target.id)}, which no row has`, tone: 'warn' };
  }
}

function referrersText(by: ReferencedBy | null): string {
  if (by === null) return 'no live image';
  const parts = [
    { count: by.asKernel, role: 'kernel', sample: by.sampleKernelOf },
    { count: by.asRamdisk, role: 'ramdisk', sample: by.sampleRamdiskOf },
  ];
  return parts
    .filter(({ count }) => count > 0)
    .map(({ count, role, sample }) => {
      const example = sample === null ? '' : `, for example ${sample}`;
      return `${imagesText(count).replace(/(images?)$/, 'live $1')} as ${role}${example}`;
    })
    .join('; ');
}

/** The verdict on the content, what was seen at which offset, and dangers. */
export function contentSection({ content, image }: ImageEvidence, style: TerminalStyle): string {
  if (content === undefined) {
    const why = image.deleted ? 'the image is soft-deleted' : 'the content was not read (see --probe and --store-path)';
    return section('Content', [paint(why, 'dim', style)], style);
  }
  if (content.kind === 'unread') {
    return section(
      'Content',
      [renderLabelled([{ label: 'not read', text: content.why, tone: 'bad' }], inside(style))],
      style,
    );
  }
  const { verdict } = content;
  const classification = classificationText(verdict);
  const lines: readonly Labelled[] = [
    {
      label: 'verdict',
      text:
        verdict.imageType === null
          ? `${classification}, no type: ${verdict.why}`
          : `${classification}, ${verdict.confidence}`,
    },
    {
      label: 'container',
      text: verdict.containerBasis === 'proven' ? 'by its signature' : 'no signature of a container was found',
    },
    ...(verdict.refutes.length > 0 ? [{ label: 'cannot be', text: verdict.refutes.join(', ') }] : []),
    ...(verdict.reach === 'cut' ? [{ label: 'reach', text: 'some of the requested bytes could not be read' }] : []),
    ...verdict.evidence.map(({ offset, detail }): Labelled => ({ label: `at ${offset}`, text: detail })),
    ...verdict.safety.map((code): Labelled => ({
      label: SAFETY[code].severity,
      text: `${code}: ${SAFETY[code].title}`,
      tone: SEVERITY_TONES[SAFETY[code].severity],
    })),
    { label: 'read', text: `${verdict.cost.bytes.toLocaleString('en-US')} bytes in ${verdict.cost.requests} requests` },
  ];
  return section('Content', [renderLabelled(lines, inside(style))], style);
}
