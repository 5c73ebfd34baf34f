import { totalOf } from '../plan/bounded-groups.ts';
import type { Occasion, PlanReport, PlanSummary } from '../plan/report.ts';
import { migrateEstimateNote, migrateEstimateText } from './duration-estimate.ts';
import { counted, countText, imagesText } from './number-text.ts';

/** The state of the plan in one sentence, and what must be added to it. */
export interface Verdict {
  readonly tone: 'good' | 'warn' | 'bad';
  readonly headline: string;
  readonly notes: readonly string[];
}

export interface VerdictFigures {
  readonly decided: number;
  readonly undecided: number;
  /** Undecided images that no question asks about, because an answer says to leave them. */
  readonly leftUndecided: number;
  /** Remarks on the answers that keep migrate from beginning. */
  readonly refusing: number;
  /** Of a verification. */
  readonly differences: number;
}

export function figuresOf({ summary, answers, occasion }: PlanReport): VerdictFigures {
  const undecided = summary.byStatus.ambiguous + summary.byStatus.unmappable;
  const leaves = answers !== null && answers.effects.some(({ value }) => value.kind === 'leave');
  return {
    decided: summary.byStatus.exact + summary.byStatus.inferred,
    undecided,
    leftUndecided: leaves ? Math.max(0, undecided - askedImages(summary)) : 0,
    refusing: (answers?.remarks ?? []).filter(({ weight }) => weight === 'refuses').length,
    differences: occasion.kind === 'verify' ? totalOf(occasion.differences) : 0,
  };
}

/** Undecided images with a question; the others are left undecided by an answer. */
export function askedImages({ undecided, otherUndecided }: PlanSummary): number {
  return undecided.reduce((total, question) => total + question.count, otherUndecided);
}

export function verdictOf(report: PlanReport): Verdict {
  const figures = figuresOf(report);
  const concern = firstConcern(report, figures);
  if (concern !== null) return concern;
  return { ...readiness(report.summary, figures, PREFIXES[report.occasion.kind]), notes: notesOf(report, figures) };
}

/** What the command wrote to the database, where that is nothing; else empty. */
export function writtenText({ kind }: Occasion): string {
  return kind === 'migrate' ? '' : 'Nothing was written to the database.';
}

/** How long migrate will take, after a plan with images to decide; else empty. `title` is one short line. */
export function estimateText({ occasion, summary, header }: PlanReport, form: 'title' | 'sentences'): string {
  const classifiable = summary.total - summary.byStatus['not-applicable'];
  if (occasion.kind !== 'plan' || classifiable === 0) return '';
  return form === 'title' ? migrateEstimateText(summary.total) : migrateEstimateNote(summary.total, header.probe);
}

const PREFIXES: Readonly<
  Record<PlanReport['occasion']['kind'], { readonly ready: string; readonly notReady: string }>
> = {
  plan: { ready: 'Ready', notReady: 'Not ready' },
  migrate: { ready: 'Migrated', notReady: 'Migrated in part' },
  verify: { ready: 'Verified', notReady: 'Verified, but not ready' },
};

/** Verdicts that come before the number of undecided images. */
function firstConcern(report: PlanReport, figures: VerdictFigures): Verdict | null {
  const { occasion } = report;
  const notes = notesOf(report, figures);
  if (occasion.kind === 'verify' && figures.differences > 0) {
    const differences = counted(figures.differences, 'difference');
    return { tone: 'bad', headline: `Not verified: ${differences} from what is stored.`, notes };
  }
  if (figures.refusing > 0) {
    const remarks = counted(figures.refusing, 'remark');
    return {
      tone: 'bad',
      headline: `Not ready: ${remarks} on your answers must be resolved before migrate can start.`,
      notes,
    };
  }
  if (occasion.kind === 'migrate' && occasion.leftAlone > 0) {
    const headline = `Migrated in part: ${imagesText(occasion.leftAlone)} not written, because somebody else changed the result columns.`;
    return { tone: 'warn', headline, notes };
  }
  return null;
}

function readiness(
  { total }: PlanSummary,
  { decided, undecided }: VerdictFigures,
  { ready, notReady }: (typeof PREFIXES)['plan'],
): Pick<Verdict, 'tone' | 'headline'> {
  if (total === 0) return { tone: 'good', headline: 'No images: there is nothing to decide.' };
  if (decided + undecided === 0) {
    return { tone: 'good', headline: `None of ${imagesText(total)} has a payload: there is nothing to decide.` };
  }
  if (undecided === 0) {
    return { tone: 'good', headline: `${ready}: all ${imagesText(decided)} that can be classified are decided.` };
  }
  const are = undecided === 1 ? 'is' : 'are';
  if (decided === 0) {
    return { tone: 'bad', headline: `${notReady}: no image is decided, ${countText(undecided)} ${are} undecided.` };
  }
  const headline = `${notReady}: ${countText(undecided)} of ${imagesText(decided + undecided)} ${are} undecided, ${countText(decided)} decided.`;
  return { tone: 'warn', headline };
}

function notesOf({ summary, occasion, answers }: PlanReport, figures: VerdictFigures): readonly string[] {
  const { decided, undecided, leftUndecided } = figures;
  const outside = summary.byStatus['not-applicable'];
  const reduced =
    figures.differences > 0 || figures.refusing > 0 || (occasion.kind === 'migrate' && occasion.leftAlone > 0);
  const lines = [
    reduced ? `${counted(decided, 'image is', 'images are')} decided, ${countText(undecided)} undecided.` : '',
    leftUndecided === 0 ? '' : `Your answers leave ${countText(leftUndecided)} of them undecided.`,
    occasion.kind === 'migrate'
      ? `Run ${countText(occasion.run)} wrote ${counted(occasion.written, 'decision')} into the journal.`
      : '',
    answers === null || answers.effects.length === 0
      ? ''
      : `Your answers in ${answers.file} decide ${imagesText(answers.effects.reduce((sum, { settled }) => sum + settled, 0))}.`,
    outside === 0 || decided + undecided === 0
      ? ''
      : `${counted(outside, 'more image has', 'more images have')} no payload to classify (queued, deleted, volume-backed).`,
  ];
  return lines.filter((line) => line !== '');
}
