import { counted, countText, imagesText } from './number-text.ts';
import type { PlanReport } from '../plan/report.ts';
import type { PlanSummary } from '../plan/summary-shape.ts';
import { totalOf } from '../plan/bounded-groups.ts';

/** How things stand, in one sentence and what must be added to it. */
export interface Verdict {
  readonly tone: 'good' | 'warn' | 'bad';
  readonly headline: string;
  readonly notes: readonly string[];
}

/** What the sentences are made of. */
export interface Standing {
  readonly decided: number;
  readonly undecided: number;
  /** Undecided images that no question asks about, because an answer says to leave them. */
  readonly leftByAnswer: number;
  /** Remarks on the answers that keep migrate from beginning. */
  readonly refusing: number;
  /** Of a verification. */
  readonly differences: number;
}

export function standingOf({ summary, answers, occasion }: PlanReport): Standing {
  const undecided = summary.byStatus.ambiguous + summary.byStatus.unmappable;
  const leaves = answers !== null && answers.effects.some(({ value }) => value.kind === 'leave');
  return {
    decided: summary.byStatus.exact + summary.byStatus.inferred,
    undecided,
    leftByAnswer: leaves ? Math.max(0, undecided - askedImages(summary)) : 0,
    refusing: (answers?.remarks ?? []).filter(({ weight }) => weight === 'refuses').length,
    differences: occasion.kind === 'verify' ? totalOf(occasion.differences) : 0,
  };
}

/** Undecided images that a question is about; the others stay so because an answer says to leave them. */
export function askedImages({ undecided, otherUndecided }: PlanSummary): number {
  return undecided.reduce((total, question) => total + question.count, otherUndecided);
}

export function verdictOf(report: PlanReport): Verdict {
  const standing = standingOf(report);
  const settled = settledBefore(report, standing);
  if (settled !== null) return settled;
  return { ...readiness(report.summary, standing, PREFIXES[report.occasion.kind]), notes: notesOf(report, standing) };
}

interface Prefixes {
  readonly ready: string;
  readonly notReady: string;
}

const PREFIXES: Readonly<Record<PlanReport['occasion']['kind'], Prefixes>> = {
  plan: { ready: 'Ready', notReady: 'Not ready' },
  migrate: { ready: 'Migrated', notReady: 'Migrated in part' },
  verify: { ready: 'Verified', notReady: 'Verified, but not ready' },
};

/** What comes before the question how many are undecided. */
function settledBefore(report: PlanReport, standing: Standing): Verdict | null {
  const { occasion } = report;
  const notes = notesOf(report, standing);
  if (occasion.kind === 'verify' && standing.differences > 0) {
    const differences = counted(standing.differences, 'difference');
    return { tone: 'bad', headline: `Not verified: ${differences} from what is stored.`, notes };
  }
  if (standing.refusing > 0) {
    const remarks = counted(standing.refusing, 'remark');
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
  { decided, undecided }: Standing,
  { ready, notReady }: Prefixes,
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

function notesOf({ summary, occasion, answers }: PlanReport, standing: Standing): readonly string[] {
  const { decided, undecided, leftByAnswer } = standing;
  const outside = summary.byStatus['not-applicable'];
  const reduced =
    standing.differences > 0 || standing.refusing > 0 || (occasion.kind === 'migrate' && occasion.leftAlone > 0);
  const lines = [
    reduced ? `${counted(decided, 'image is', 'images are')} decided, ${countText(undecided)} undecided.` : '',
    leftByAnswer === 0 ? '' : `Your answers leave ${countText(leftByAnswer)} of them undecided.`,
    occasion.kind === 'migrate'
      ? `Run ${countText(occasion.run)} wrote ${counted(occasion.written, 'decision')} into the journal.`
      : '',
    answers === null || answers.effects.length === 0
      ? ''
      : answersNote(
          answers.effects.reduce((n, { settled }) => n + settled, 0),
          answers.file,
        ),
    outside === 0 || decided + undecided === 0
      ? ''
      : `${counted(outside, 'more image has', 'more images have')} no payload to classify (queued, deleted, volume-backed).`,
  ];
  return lines.filter((line) => line !== '');
}

function answersNote(settled: number, file: string): string {
  return `Your answers in ${file} decide ${imagesText(settled)}.`;
}
