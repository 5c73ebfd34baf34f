import { answerWords, entryState, imagesOf, type Walk, walkCounts } from '../../answers/walk/walk.ts';
import { FORMAT_VERSION } from '../../report/records/format-version.ts';
import { toolVersion } from '../log/version.ts';

/** The state of a questions file as JSON. Keys are only ever added. */
export function questionsRecord(walk: Walk, file: string, next: readonly string[]) {
  const { document, growthLimitPercent } = walk;
  const counts = walkCounts(document, growthLimitPercent);
  return {
    format_version: FORMAT_VERSION,
    tool_version: toolVersion(),
    file,
    questions: counts.questions,
    open: counts.open,
    grown: counts.grown,
    answered: counts.answered,
    images: counts.images,
    images_answered: counts.imagesAnswered,
    images_open: counts.imagesOpen,
    other_answers: counts.otherAnswers,
    list: document.questions.map((entry) => ({
      question: entry.facts.id,
      state: entryState(entry, growthLimitPercent),
      images: imagesOf(entry),
      images_when_asked: entry.facts.images,
      disk_format: entry.facts.diskFormat,
      container_format: entry.facts.containerFormat,
      rule: entry.facts.rule,
      why: entry.facts.why,
      evidence: entry.facts.evidence,
      candidates: entry.facts.candidates,
      samples: entry.facts.samples.map(({ id, name }) => ({ id, name })),
      answer: answerWords(entry),
      author: entry.author,
      date: entry.date,
      reason: entry.reason,
    })),
    next,
  };
}
