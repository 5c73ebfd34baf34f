import type { HoldReason, Phase, WaitReason } from '../../src/model/event.ts';
import type { LogEvent } from '../../src/report/log/log-event.ts';
import { errorCode, errorTitle, exitCode, formatVersion, problems } from './parts.ts';
import { amount, constant, count, describes, list, object, oneOf, orNull, text, word } from './schema.ts';

const PHASES: readonly Phase[] = [
  'references',
  'plan',
  'migrate',
  'tail',
  'verify',
  'rollback',
  'read',
  'compare',
  'copy',
];
const HOLDS: readonly HoldReason[] = ['pause-file', 'flow-control', 'replica-lag', 'threads-running'];
const WAITS: readonly WaitReason[] = [...HOLDS, 'database', 'lease'];

const common = {
  format_version: formatVersion,
  time: text('When it happened: ISO 8601 in UTC with milliseconds, by the clock of this machine.'),
  level: word(['debug', 'info', 'warning', 'error'], 'How grave it is.'),
  message: text('The event in words; may change between versions.'),
  command: orNull(text('The command; null where the command line names none.')),
  pid: count('Id of this process.'),
  run_id: orNull(count('The run that is worked on, once it is known.')),
};
const phase = word(PHASES, 'What is done.');

/** One line of the log, by the value of `event`. */
export const log = describes<LogEvent>(
  oneOf(
    'One event.',
    object({
      ...common,
      event: constant('start', 'The command begins.'),
      version: text('Version of glance-retype.'),
      host: text('This machine.'),
      node: text('Version of Node.'),
    }),
    object({
      ...common,
      event: constant('database', 'The database is open.'),
      database: text('Address without secrets.'),
      engine: text('Product and version.'),
    }),
    object({
      ...common,
      event: constant('run', 'The run that is worked on is known.'),
      state: word(['begins', 'goes-on', 'undone'], 'What happens to it.'),
      shard: orNull(text('The part of the table, 1/4; null: all of it.')),
    }),
    object({
      ...common,
      event: constant('intent', 'The command says what it is about to write.'),
      lines: list(text('One line.'), 'What the operator reads before the question.'),
    }),
    object({
      ...common,
      event: constant('phase', 'A phase begins.'),
      phase,
      total: orNull(count('Rows of the phase; null where they are not counted.')),
    }),
    object({
      ...common,
      event: constant('progress', 'How far the work is.'),
      occasion: word(['interval', 'phase-end', 'signal'], 'Why it is said now; signal: SIGUSR1 asked.'),
      phase: orNull(phase),
      done: count('Rows done.'),
      total: orNull(count('All rows; null where they are not counted.')),
      percent: orNull(amount('Done of all; one digit after the point.')),
      rows_per_second: orNull(amount('Pace.')),
      seconds_left: orNull(amount('Seconds left at that pace.')),
      images_looked_into: orNull(count('Images whose content was read.')),
      waiting: orNull(word(WAITS, 'What the work waits for; null while it goes on.')),
      waiting_text: orNull(text('The same for a person.')),
    }),
    object({
      ...common,
      event: constant('batch', 'A batch was committed.'),
      batch: count('Number of the batch within the run.'),
      pass: count('The pass over the table.'),
      rows: count('Rows of the batch.'),
      rows_written: count('Journal rows that it wrote.'),
      undecided: count('Rows of the batch that stay undecided.'),
      milliseconds: amount('How long its transaction took.'),
    }),
    object({
      ...common,
      event: constant('retry', 'Something is tried again.'),
      attempt: count('Which attempt it was.'),
      reason: text('Why.'),
    }),
    object({
      ...common,
      event: constant('waiting', 'No batch begins, or nothing goes on, until something has passed.'),
      reason: word(WAITS, 'What is waited for.'),
      text: text('The same for a person.'),
      reading: orNull(amount('The reading, in the unit of the limit: percent, seconds, sessions.')),
      limit: orNull(amount('The limit.')),
      age_seconds: orNull(amount('Age of the reading.')),
      waited_seconds: amount('How long it has waited.'),
    }),
    object({
      ...common,
      event: constant('resumed', 'The work goes on.'),
      waited_seconds: amount('How long it waited.'),
    }),
    object({
      ...common,
      event: constant('stopping', 'The command ends in order before its work is complete.'),
      cause: word(['signal', 'max-time', 'max-batches'], 'Why.'),
      text: text('The same for a person.'),
    }),
    object({ ...common, event: constant('note', 'A sentence for the operator.'), text: text('The sentence.') }),
    object({ ...common, event: constant('warning', 'Something to look at.'), text: text('The sentence.') }),
    object({
      ...common,
      event: constant('error', 'The command has failed.'),
      code: errorCode,
      exit_code: exitCode,
      title: errorTitle,
      problems,
      stack: orNull(text('Of an internal error; else null.')),
    }),
    object({
      ...common,
      event: constant('times', 'Where the time went. Phases overlap, so the sum may exceed the elapsed time.'),
      read_seconds: amount('Seconds of reading.'),
      decide_seconds: amount('Seconds of deciding.'),
      write_seconds: amount('Seconds in transactions.'),
      wait_seconds: amount('Seconds of waiting.'),
    }),
    object({
      ...common,
      event: constant('end', 'The last event of a command.'),
      exit_code: exitCode,
      meaning: text('What the exit code means.'),
      seconds: amount('How long the command took.'),
      rows: count('Rows done.'),
      rows_written: count('Journal rows written.'),
      undecided: count('Rows that are undecided.'),
      result: orNull(text('What came of it; null where the exit code says it all.')),
      next: orNull(text('The next command, or what to do; null where nothing is left to do.')),
    }),
  ),
);
