import { newQuestionsText, type PlanQuestions } from '../../answers/write/new.ts';
import { questionsText } from '../../answers/write/questions-text.ts';
import { RetypeError } from '../../model/error.ts';
import { isStill, readQuestionsFile, replaceQuestionsFile } from '../options/questions-file.ts';
import { print } from '../session/output.ts';

/**
 * Writes the questions of a plan into a file, or brings an existing one up to date; `-` prints a new one.
 *
 * @returns `updated` where the file existed, even if nothing in it had to change.
 * @throws RetypeError DECISIONS_FILE where the existing file is broken, OUTPUT_FILE; either way it is left as it was.
 */
export async function writeQuestionsFile(path: string, plan: PlanQuestions): Promise<'written' | 'updated'> {
  if (path === '-') {
    await print(newQuestionsText(plan));
    return 'written';
  }
  const before = readQuestionsFile(path);
  const text = questionsText(before, plan);
  if (before !== null && text === before.text && (await isStill(path, before))) return 'updated';
  if ((await replaceQuestionsFile(path, before, text, '--questions')) === 'changed') {
    throw new RetypeError('DECISIONS_FILE', [
      {
        place: path,
        expected: 'the file as it was a moment ago',
        found: 'another program changed it while the questions were written',
        advice: 'run the command again; the file was left as that program wrote it',
      },
    ]);
  }
  return before === null ? 'written' : 'updated';
}
