import { createInterface } from 'node:readline';

import { parseQuestions } from '../../answers/file/document.ts';
import { notEditable } from '../../answers/file/edit.ts';
import { composeAnswers, readAnswers } from '../../answers/read/answers.ts';
import { readCommand, readReason } from '../../answers/walk/command.ts';
import { type Answerer, type Shown, stepWalk } from '../../answers/walk/step.ts';
import { beginWalk, currentEntry, type Walk } from '../../answers/walk/walk.ts';
import { walkPrompt, walkText } from '../../report/terminal/questions.ts';
import {
  isStill,
  missingFile,
  type QuestionsFile,
  readQuestionsFile,
  replaceQuestionsFile,
} from '../options/questions-file.ts';
import { styleOf } from '../session/output.ts';

/** A valid questions file. */
export interface LoadedWalk {
  readonly file: QuestionsFile;
  readonly document: Walk['document'];
  readonly growthLimitPercent: number;
}

/** @throws RetypeError DECISIONS_FILE with every problem. */
export function loadWalk(path: string): LoadedWalk {
  const file = readQuestionsFile(path);
  if (file === null) throw missingFile(path);
  const composed = composeAnswers(file.text);
  const { growthLimitPercent } = readAnswers(file, { composed, signature: null });
  const document = composed === null ? null : parseQuestions(file.text, composed);
  if (document === null) throw notEditable(path);
  return { file, document, growthLimitPercent };
}

/** Asks until the operator quits. Every answer is in the file before the next question is asked. */
export async function walkOnTerminal(
  loaded: LoadedWalk,
  by: () => Answerer,
): Promise<{ readonly walk: Walk; readonly end: 'quit' | 'stopped' }> {
  const lines = createInterface({ input: process.stdin, output: process.stdout, historySize: 0 });
  const show = (shown: Walk, parts: readonly Shown[]): void => {
    // The style is read each time, because the window may have changed.
    for (const part of parts) process.stdout.write(walkText(shown, part, styleOf(process.stdout)));
  };
  const ask = (shown: Walk): void => {
    lines.setPrompt(walkPrompt(shown, styleOf(process.stdout)));
    lines.prompt();
  };
  let { file } = loaded;
  let walk = beginWalk(loaded.document, loaded.growthLimitPercent);
  let stopped = false;
  lines.on('SIGINT', () => {
    stopped = true;
    lines.close();
  });
  try {
    show(walk, [{ kind: walk.at === null ? 'end' : 'question' }]);
    ask(walk);
    // The iterator keeps lines that arrive while a file is written, as after a paste.
    for await (const line of lines) {
      const command = walk.asks === 'reason' ? readReason(line) : readCommand(line, currentEntry(walk));
      const step = stepWalk(walk, command, by());
      const { text } = step.walk.document;
      const unsaved = text !== walk.document.text;
      const kept = unsaved
        ? await replaceQuestionsFile(file.path, file, text, 'questions')
        : await looked(file, step.after);
      if (kept === 'changed') {
        const read = loadWalk(file.path);
        file = read.file;
        walk = again(read, walk);
        show(walk, [{ kind: 'note', weight: 'warn', text: changedText(unsaved) }]);
        show(walk, [{ kind: walk.at === null ? 'end' : 'question' }]);
      } else {
        if (unsaved) file = { path: file.path, text, bytes: Buffer.from(text) };
        walk = step.walk;
        show(walk, step.shown);
        if (step.after === 'save') show(walk, [{ kind: 'note', weight: 'good', text: `saved: ${file.path}` }]);
        if (step.after === 'quit') break;
      }
      ask(walk);
    }
  } finally {
    lines.close();
  }
  return { walk, end: stopped ? 'stopped' : 'quit' };
}

async function looked(file: QuestionsFile, after: 'go-on' | 'quit' | 'save'): Promise<'written' | 'changed'> {
  return after === 'save' && !(await isStill(file.path, file)) ? 'changed' : 'written';
}

/** The file as it is now, at the question that was shown. Earlier answers can no longer be undone. */
function again(read: LoadedWalk, before: Walk): Walk {
  const walk = { ...beginWalk(read.document, read.growthLimitPercent), skipped: before.skipped };
  const id = currentEntry(before)?.facts.id;
  const at = read.document.questions.findIndex(({ facts }) => facts.id === id);
  return at === -1 ? walk : { ...walk, at };
}

function changedText(unsaved: boolean): string {
  return `Another program changed the file meanwhile. It was read again${unsaved ? '; what you just typed is not in it, please type it again' : ''}.`;
}
