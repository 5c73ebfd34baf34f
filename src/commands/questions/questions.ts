import { userInfo } from 'node:os';
import { textFault } from '../../answers/walk/command.ts';
import type { Answerer } from '../../answers/walk/step.ts';
import { beginWalk, type Walk, walkCounts } from '../../answers/walk/walk.ts';
import type { ExitCode } from '../../model/error-codes.ts';
import { questionList, whatIsLeft } from '../../report/terminal/questions.ts';
import { shellWord } from '../../report/words/shell-word.ts';
import { questionsRecord } from '../documents/questions-record.ts';
import { GROUPS, jsonFile } from '../options/kinds.ts';
import { usageError } from '../options/usage.ts';
import { defineCommand } from '../session/command.ts';
import { print, styleOf, writeJson } from '../session/output.ts';
import { loadWalk, walkOnTerminal } from './walk.ts';

export const questionsCommand = defineCommand({
  options: (yargs) =>
    yargs
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe: 'a questions file that plan --questions FILE wrote',
      })
      .option('author', {
        group: GROUPS.output,
        type: 'string',
        requiresArg: true,
        describe: 'name to keep with every answer (default: your login name)',
      })
      .option('list', {
        group: GROUPS.screen,
        type: 'boolean',
        default: false,
        describe: 'print the questions and their state, and ask nothing',
      })
      .option('json', jsonFile('the questions and their state'))
      .option('fail-on', {
        group: GROUPS.outcome,
        choices: ['unanswered'] as const,
        describe: 'exit with 4 if a question has no valid answer',
      }),
  run: async ({ file, author, list, failOn, json }) => {
    answerer(author);
    const loaded = loadWalk(file);
    const style = styleOf(process.stdout);
    const write = (walk: Walk): Promise<void> =>
      writeJson(json, () => questionsRecord(walk, file, nextCommands(file, walk)));
    if (list || json === '-' || !process.stdin.isTTY || !process.stdout.isTTY) {
      const walk = beginWalk(loaded.document, loaded.growthLimitPercent);
      await write(walk);
      if (json !== '-') await print(questionList(walk, nextCommands(file, walk), style));
      return exitFor(walk, failOn);
    }
    const { walk, end } = await walkOnTerminal(loaded, () => answerer(author));
    await write(walk);
    await print(`\n${whatIsLeft(walk, nextCommands(file, walk), styleOf(process.stdout))}`);
    return end === 'stopped' ? 3 : exitFor(walk, failOn);
  },
});

function exitFor({ document, growthLimitPercent }: Walk, failOn: 'unanswered' | undefined): ExitCode {
  const { open, grown } = walkCounts(document, growthLimitPercent);
  return failOn === 'unanswered' && open + grown > 0 ? 4 : 0;
}

function answerer(given: string | undefined): Answerer {
  const author = (given ?? process.env['USER'] ?? loginName()).trim();
  const fault = textFault(author);
  if (fault !== null) {
    throw usageError('--author', `a name that ${fault}`, 'another text', 'give a short name');
  }
  return { author: author === '' ? null : author, today: localDay(new Date()) };
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the user may have no entry in the password file.
    return '';
  }
}

/** The local day, not the day in UTC: it is what the person would have written. */
function localDay(now: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function nextCommands(file: string, walk: Walk): readonly string[] {
  const { answered, grown, open, otherAnswers } = walkCounts(walk.document, walk.growthLimitPercent);
  const word = shellWord(file);
  return [
    ...(open + grown > 0 ? [`glance-retype questions ${word}`] : []),
    ...(answered + grown + otherAnswers > 0
      ? [`glance-retype plan --answers ${word} …     # with the database as before: what the answers change`]
      : []),
  ];
}
