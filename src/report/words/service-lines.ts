import type {
  ServicePrediction,
  ServiceRefusal,
  ServiceRemedy,
  ServiceVerdict,
} from '../../model/service-prediction.ts';
import type { PlanReport, PlanSummary, ReportHeader, ServiceTitles, ServiceTransitions } from '../plan/report.ts';
import { transitionOf } from '../plan/service-tally.ts';
import { tupleText } from './decision-words.ts';
import { countText, imagesText } from './number-text.ts';
import { remedyText, VERDICT_TONES, verdictText } from './service-words.ts';
import type { Tone } from './style.ts';
import { HOW_TO_LOOK } from './summary-words.ts';

/** What becomes of images that a service does not simply accept: the most harmful first. */
export const SERVICE_EFFECTS = ['will-be-refused', 'refused', 'stays-refused', 'unknown', 'will-work'] as const;
export type ServiceEffect = (typeof SERVICE_EFFECTS)[number];

/** Images that a service treats alike for one reason. */
export interface ServiceLine {
  readonly effect: ServiceEffect;
  readonly service: string;
  /** The check that refuses them, with `will-work` the one that refuses them today; null where it is not known. */
  readonly by: { readonly step: string; readonly check: string } | null;
  /** Of a refusal the biggest first; of what is not known the one reason; else empty. */
  readonly reasons: ServiceRefusal['reasons'];
  readonly count: number;
  readonly sampleIds: readonly string[];
}

/** All that the services do but accept: the most harmful first, then in the order of the table, then the biggest. */
export function serviceLines({ services }: Pick<PlanSummary, 'services'>): readonly ServiceLine[] {
  const lines = services.flatMap(({ service, refusals, improvements, unknowns }): readonly ServiceLine[] => [
    ...refusals.map(({ before, step, check, count, reasons }) => {
      const [first] = reasons;
      const by = { step, check };
      return { effect: refusedEffect(before), service, by, reasons, count, sampleIds: first?.sampleIds ?? [] };
    }),
    ...unknowns.map(({ why, count, sampleIds }) => {
      const reasons = [{ why, remedies: [], count, sampleIds }];
      return { effect: 'unknown', service, by: null, reasons, count, sampleIds } as const;
    }),
    ...improvements.map(({ step, check, count, sampleIds }) => {
      return { effect: 'will-work', service, by: { step, check }, reasons: [], count, sampleIds } as const;
    }),
  ]);
  // Sorting is stable, and the services come in the order of the table: Nova, which boots the images, leads.
  return lines.toSorted((one, other) => SERVICE_EFFECTS.indexOf(one.effect) - SERVICE_EFFECTS.indexOf(other.effect));
}

function refusedEffect(before: ServiceVerdict['kind'] | null): ServiceEffect {
  return before === 'accepted' ? 'will-be-refused' : before === 'refused' ? 'stays-refused' : 'refused';
}

/** Words for each way between two releases. */
export const TRANSITION_WORDS: Readonly<Record<keyof ServiceTransitions, string>> = {
  willBeRefused: 'will be refused',
  staysRefused: 'stays refused',
  willWork: 'will work',
  staysAccepted: 'stays accepted',
  unknown: 'unknown',
};

/** What images are found by that a service treats alike: `Nova: will be refused`. */
export function filterWord(title: string, word: string): string {
  return `${title}: ${word}`;
}

/** What the images of a line are found by: `Nova: will be refused, mbr (safety)`. */
export function lineFilterWord(
  title: string,
  {
    effect,
    by,
    reasons,
  }: Pick<ServiceLine, 'effect' | 'by'> & { readonly reasons: readonly { readonly why: string }[] },
): string {
  return filterWord(title, `${EFFECT_WORDS[effect]}, ${by === null ? (reasons[0]?.why ?? '') : checkText(by)}`);
}

/** All that an image is found by: the verdict, or what becomes of it, and the line that it is in. */
export function filterWords({ verdict, before }: ServicePrediction, title: string): readonly string[] {
  const word = before === null ? verdict.kind : TRANSITION_WORDS[transitionOf(before.kind, verdict.kind)];
  const words = [filterWord(title, word)];
  switch (verdict.kind) {
    case 'refused':
      return [
        ...words,
        lineFilterWord(title, { effect: refusedEffect(before?.kind ?? null), by: verdict, reasons: [] }),
      ];
    case 'unknown':
      return [...words, lineFilterWord(title, { effect: 'unknown', by: null, reasons: [verdict] })];
    case 'accepted':
      return before?.kind === 'refused'
        ? [...words, lineFilterWord(title, { effect: 'will-work', by: before, reasons: [] })]
        : words;
  }
}

/** What people call the service. */
export function titleOf(service: string, titles: ServiceTitles): string {
  return Object.hasOwn(titles, service) ? (titles[service] ?? service) : service;
}

/** The check, and the step where it has another name: `mbr (safety)`, `comparison`. */
export function checkText({ step, check }: { readonly step: string; readonly check: string }): string {
  return step === check ? check : `${check} (${step})`;
}

/** The title of a list of such images: `Accepted in A, refused in B`. */
export function effectTitle(
  effect: ServiceEffect,
  { openstack, openstack_before: before }: Pick<ReportHeader, 'openstack' | 'openstack_before'>,
): string {
  const release = openstack ?? 'the release';
  switch (effect) {
    case 'will-be-refused':
      return `Accepted in ${before ?? 'the earlier release'}, refused in ${release}`;
    case 'refused':
      return before === null ? 'Refused' : `Refused in ${release}; in ${before} not known`;
    case 'stays-refused':
      return `Refused in ${before ?? 'the earlier release'} and in ${release}`;
    case 'unknown':
      return 'Not known';
    case 'will-work':
      return `Refused in ${before ?? 'the earlier release'}, accepted in ${release}`;
  }
}

/** For one column of a table. */
export const EFFECT_WORDS: Readonly<Record<ServiceEffect, string>> = {
  'will-be-refused': 'will be refused',
  refused: 'refused',
  'stays-refused': 'stays refused',
  unknown: 'unknown',
  'will-work': 'will work',
};

export const EFFECT_TONES = {
  'will-be-refused': 'bad',
  refused: 'warn',
  'stays-refused': 'warn',
  unknown: 'dim',
  'will-work': 'good',
} as const satisfies Readonly<Record<ServiceEffect, string>>;

/** A remedy in a few words: `upload as raw / bare`. */
export function shortRemedy(remedy: ServiceRemedy): string {
  switch (remedy.kind) {
    case 'word':
      return `upload as ${tupleText(remedy)}`;
    case 'conversion':
      return `convert to ${remedy.to}`;
    case 'option':
      return `${remedy.option} = ${remedy.value}`;
  }
}

/** What one service does, for one image: the title of the service stands before the first of its lines. */
export interface PredictionLine {
  readonly label: string;
  readonly text: string;
  readonly tone: Tone;
}

/** What each service does with an image, in both releases where they differ, and what would make it take the image. */
export function predictionLines(
  predictions: readonly ServicePrediction[],
  { openstack, openstack_before }: Pick<ReportHeader, 'openstack' | 'openstack_before'>,
  titles: ServiceTitles,
): readonly PredictionLine[] {
  return predictions.flatMap(({ service, verdict, before }) => {
    const label = titleOf(service, titles);
    if (before === null) return verdictLines(label, '', verdict);
    if (verdictText(before) === verdictText(verdict)) return verdictLines(label, 'in both releases ', verdict);
    const then = `in ${openstack_before ?? 'the earlier release'} ${verdictText(before)}`;
    return [
      { label, text: then, tone: VERDICT_TONES[before.kind] },
      ...verdictLines('', `in ${openstack ?? 'the later'} `, verdict),
    ];
  });
}

function verdictLines(label: string, when: string, verdict: ServiceVerdict): readonly PredictionLine[] {
  const remedies = verdict.kind === 'refused' ? verdict.remedies : [];
  return [
    { label, text: when + verdictText(verdict), tone: VERDICT_TONES[verdict.kind] },
    ...remedies.map((remedy, index): PredictionLine => ({
      label: '',
      text: `${index === 0 ? 'to pass: ' : 'or: '}${remedyText(remedy)}`,
      tone: 'plain',
    })),
  ];
}

/** What the services do that works in the earlier release and not in the later; empty unless two are compared. */
export function transitionLine({ summary, header, serviceTitles }: PlanReport): string {
  const { openstack: release, openstack_before: before } = header;
  if (release === null || before === null || summary.services.length === 0) return '';
  const breaking = summary.services.flatMap(({ service, transitions }) =>
    transitions === null || transitions.willBeRefused === 0
      ? []
      : [`${titleOf(service, serviceTitles)} ${imagesText(transitions.willBeRefused)}`],
  );
  if (breaking.length > 0) {
    return `OpenStack ${release} will refuse what works in ${before}: ${breaking.join(', ')}.`;
  }
  const unknown = Math.max(...summary.services.map(({ transitions }) => transitions?.unknown ?? 0));
  return unknown === 0
    ? `OpenStack ${release} refuses nothing that works in ${before}.`
    : `OpenStack ${release} refuses nothing that is known to work in ${before}; up to ${countText(unknown)} images are not known.`;
}

/** Short enough for the end of a line. */
export function briefHint(report: Pick<PlanReport, 'summary' | 'header'>): string {
  return unknownHint(report) === '' ? '' : ' (plan --probe all tells)';
}

/** How to learn what is not known; empty where it is all known, or every image was looked into. */
export function unknownHint({ summary, header }: Pick<PlanReport, 'summary' | 'header'>): string {
  const known = summary.services.every(({ unknown }) => unknown === 0);
  return known || header.probe === 'all' ? '' : `The bytes tell: ${HOW_TO_LOOK}`;
}
