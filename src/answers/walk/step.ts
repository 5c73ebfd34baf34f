import { parseQuestions } from '../file/document.ts';
import { notEditable, writeAnswer, type WrittenAnswer } from '../file/edit.ts';
import { applySplices } from '../file/splice.ts';
import { answerWords, currentEntry, imagesOf, nextOpen, type Walk } from './walk.ts';
import type { WalkCommand } from './command.ts';

/** Who answers, and when. */
export interface Answerer {
  readonly author: string | null;
  /** `2026-11-24` */
  readonly today: string;
}

/** What to show after a step. Texts are unchanged from the file or the keyboard: they are not safe to print yet. */
export type Shown =
  | { readonly kind: 'question' | 'details' | 'help' | 'end' }
  | { readonly kind: 'note'; readonly weight: 'good' | 'warn'; readonly text: string };

export interface WalkStep {
  readonly walk: Walk;
  readonly shown: readonly Shown[];
  /** `quit`: leave. `save`: nothing changed, but check whether the file is still the same. */
  readonly after: 'go-on' | 'quit' | 'save';
}

/**
 * Carries out one command. The caller writes the file whenever the text of the document has changed.
 *
 * @throws RetypeError DECISIONS_FILE where the layout of the file cannot be edited.
 */
export function stepWalk(walk: Walk, command: WalkCommand, by: Answerer): WalkStep {
  switch (command.kind) {
    case 'answer':
      return answered(walk, command.answer, by);
    case 'reason':
      return reasoned(walk, command.reason, by);
    case 'skip':
      return skipped(walk);
    case 'undo':
      return undone(walk);
    case 'go':
      return gone(walk, command.to);
    case 'confirm':
      return confirmed(walk, by);
    case 'details':
      return show(walk, walk.at === null ? { kind: 'end' } : { kind: 'details' });
    case 'help':
      return show(walk, { kind: 'help' });
    case 'save':
      return { walk, shown: [], after: 'save' };
    case 'quit':
      return { walk, shown: [], after: 'quit' };
    case 'unclear':
      return show(walk, note('warn', command.hint));
  }
}

function answered(walk: Walk, answer: string, { author, today }: Answerer): WalkStep {
  const entry = currentEntry(walk);
  if (entry === null) return nothingOpen(walk);
  const { document, back } = writeAnswer(walk.document, entry, { answer, author, date: today, reason: null });
  const { candidates } = entry.facts;
  const outside = answer !== 'leave' && candidates.length > 0 && !candidates.includes(answer);
  const deeds = [...walk.deeds, { question: entry.facts.id, what: 'answered', back } as const];
  return show(
    { ...walk, document, deeds, asks: 'reason' },
    ...(outside ? [note('warn', `${answer} is not among the candidates; it is written all the same`)] : []),
  );
}

/** Joins the deed that it belongs to, so that both are undone together. */
function reasoned(walk: Walk, reason: string | null, { author, today }: Answerer): WalkStep {
  const entry = currentEntry(walk);
  const deed = walk.deeds.at(-1);
  if (entry === null || entry.answer === null || deed === undefined || walk.asks !== 'reason') return nothingOpen(walk);
  if (reason === null) return moveOn(walk);
  const written: WrittenAnswer = { answer: entry.answer, author, date: today, reason };
  const { document, back } = writeAnswer(walk.document, entry, written);
  const deeds = [...walk.deeds.slice(0, -1), { ...deed, back: [...back, ...deed.back] }];
  return moveOn({ ...walk, document, deeds });
}

function skipped(walk: Walk): WalkStep {
  const entry = currentEntry(walk);
  if (entry === null) return { walk, shown: [], after: 'quit' };
  return moveOn({ ...walk, skipped: new Set([...walk.skipped, entry.facts.id]) });
}

function confirmed(walk: Walk, { author, today }: Answerer): WalkStep {
  const entry = currentEntry(walk);
  if (entry === null) return nothingOpen(walk);
  const { answer, reason, facts } = entry;
  if (answer === null || facts.imagesNow === null) {
    return show(walk, note('warn', 'only an answer whose group has changed since can be confirmed'));
  }
  // A confirmation covers the group as the newest plan counted it.
  const { document, back } = writeAnswer(walk.document, entry, { answer, author, date: today, reason });
  const deeds = [...walk.deeds, { question: facts.id, what: 'confirmed', back } as const];
  const moved = moveOn({ ...walk, document, deeds });
  return {
    ...moved,
    shown: [note('good', `confirmed: ${answerWords(entry) ?? ''} for ${imagesOf(entry)} images`), ...moved.shown],
  };
}

function undone(walk: Walk): WalkStep {
  const deed = walk.deeds.at(-1);
  if (deed === undefined)
    return show(walk, note('warn', 'nothing has been answered since this began; there is nothing to take back'));
  const text = deed.back.reduce((now, round) => applySplices(now, round).text, walk.document.text);
  const document = parseQuestions(text);
  if (document === null) throw notEditable();
  const at = document.questions.findIndex(({ facts }) => facts.id === deed.question);
  const skipped = new Set([...walk.skipped].filter((id) => id !== deed.question));
  return show(
    { ...walk, document, skipped, deeds: walk.deeds.slice(0, -1), asks: 'answer', at: at === -1 ? null : at },
    note('good', `taken back: ${deed.question} is as it was before`),
    { kind: 'question' },
  );
}

function gone(walk: Walk, to: string): WalkStep {
  const { questions } = walk.document;
  const ids = questions.map(({ facts }) => facts.id);
  const number = /^\d+$/.test(to) && ids[Number(to) - 1] !== undefined ? Number(to) - 1 : -1;
  const begun = ids.flatMap((id, index) => (id.startsWith(to) ? [index] : []));
  const exact = ids.indexOf(to);
  const at = exact !== -1 ? exact : number !== -1 ? number : begun.length === 1 ? begun[0] : undefined;
  if (at === undefined) {
    const found = begun.length === 0 ? 'no question' : `${begun.length} questions`;
    return show(walk, note('warn', `${found} here with an id that begins with ${to}`));
  }
  const skipped = new Set([...walk.skipped].filter((id) => id !== ids[at]));
  return show({ ...walk, at, skipped, asks: 'answer' }, { kind: 'question' });
}

function moveOn(walk: Walk): WalkStep {
  const at = nextOpen(walk, walk.at ?? -1);
  return show({ ...walk, at, asks: 'answer' }, { kind: at === null ? 'end' : 'question' });
}

function nothingOpen(walk: Walk): WalkStep {
  return show(walk, { kind: 'end' });
}

function show(walk: Walk, ...shown: readonly Shown[]): WalkStep {
  return { walk, shown, after: 'go-on' };
}

function note(weight: 'good' | 'warn', text: string): Shown {
  return { kind: 'note', weight, text };
}
