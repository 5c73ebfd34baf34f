import { basename } from 'node:path';
import { type Problem, RetypeError } from '../../model/error.ts';
import { describe, type Entries, readList, readMap, wrong } from '../../yaml/read-node.ts';
import { type ComposedText, composeText, type Located, parseTree, type YamlSource } from '../../yaml/yaml-tree.ts';
import { answersDigest } from '../answer/digest.ts';
import type { Answer, Answers, AskedBy } from '../answer/answer.ts';
import { checkUnique } from './check-unique.ts';
import { UNSAFE_CHARACTERS } from '../../model/unsafe-characters.ts';
import { readAnswer } from './answer.ts';
import { readAskedBy, type ReadQuestion, readQuestion } from './question.ts';
import { factsSignature } from '../file/facts.ts';

const KIND = 'glance_retype_questions';
const KEYS = [KIND, 'plan', 'signature', 'growth_limit', 'questions', 'answers'];
const DEFAULT_GROWTH_LIMIT = 10;
const LARGEST_GROWTH_LIMIT = 1_000;
/** A file that names 100,000 images on separate lines has half of this length. */
const LONGEST = 8 * 1024 * 1024;
/** Names that become parameters of the query for every page; SQL allows 32,000. */
const MOST_PROPERTIES = 200;
const TOLD = 200;

/** The text of an answers file, composed once for all that reads it; null where it is longer than any such file. */
export function composeAnswers(text: string): ComposedText | null {
  return text.length > LONGEST ? null : composeText(text);
}

/** What the caller knows of the text already. */
interface Known {
  readonly composed: ComposedText | null;
  /** A signature that is as good as the one in the file, because the caller is about to write it; null for none. */
  readonly signature: string | null;
}

/**
 * Reads and checks an answers file: one that plan wrote and a person answered, or one written by hand.
 *
 * @param source `path` as the operator typed it; problems name it.
 * @throws RetypeError DECISIONS_FILE with every problem and its line, the first 200 of them.
 */
export function readAnswers(
  { path, text }: YamlSource,
  { composed, signature }: Known = { composed: composeAnswers(text), signature: null },
): Answers {
  const problems: Problem[] = [];
  const tree = composed === null ? tooLong(path, problems) : parseTree({ path, text }, problems, composed);
  const answers = tree === null ? null : readFile(path, tree, signature, problems);
  const line = ({ place }: Problem): number => Number.parseInt(place.slice(path.length + 1), 10) || 0;
  const inOrder = problems.toSorted((a, b) => line(a) - line(b));
  const [first, ...rest] = inOrder.slice(0, TOLD).map(harmlessProblem);
  if (first === undefined && answers !== null) return answers;
  if (first === undefined) throw new Error('an answers file without problems was not read');
  const left = problems.length - TOLD;
  const advice = `correct the first ${TOLD} and run again`;
  const more = left > 0 ? [{ place: path, expected: 'a file without problems', found: `${left} more`, advice }] : [];
  throw new RetypeError('DECISIONS_FILE', [first, ...rest, ...more]);
}

function readFile(path: string, tree: Located, signature: string | null, problems: Problem[]): Answers | null {
  if (tree.kind !== 'map' || ![KIND, 'questions', 'answers'].some((key) => tree.entries.has(key))) {
    problems.push({
      place: tree.place,
      expected: 'a file that plan --questions wrote, or one with a list of answers',
      found: tree.kind === 'map' ? `the keys ${[...tree.entries.keys()].slice(0, 8).join(', ')}` : describe(tree),
      advice: 'check the path; a file of your own begins with answers:',
    });
    return null;
  }
  return readEntries(path, readMap(tree, KEYS, problems), signature, problems);
}

function readEntries(path: string, entries: Entries, signature: string | null, problems: Problem[]): Answers | null {
  const source = { shown: basename(path), problems };
  checkKind(entries.get(KIND), problems);
  const growthLimitPercent = readGrowthLimit(entries.get('growth_limit'), problems);
  const before = problems.length;
  const asked = readList(entries.get('questions'), problems).map((node) => readQuestion(node, source));
  const questions = asked.filter((question) => question !== null);
  const plan = entries.get('plan');
  const askedBy = plan === undefined ? null : readAskedBy(plan, problems);
  if (problems.length === before) checkSignature(path, entries, { askedBy, questions, signature }, problems);
  const others = readList(entries.get('answers'), problems).map((node) => readAnswer(node, source));
  const answers = [...questions.map(({ answer }) => answer), ...others].filter((answer) => answer !== null);
  checkUnique(path, questions, answers, problems);
  const propertyNames = namesOf(answers);
  if (propertyNames.length > MOST_PROPERTIES) {
    problems.push({
      place: entries.get('answers')?.place ?? path,
      expected: `conditions on at most ${MOST_PROPERTIES} different properties`,
      found: String(propertyNames.length),
      advice: 'every one is read for every image; name the images by id instead',
    });
  }
  if (problems.length > 0) return null;
  return {
    file: source.shown,
    digest: answersDigest(answers),
    askedBy,
    growthLimitPercent,
    answers: inFileOrder(entries, answers),
    questionIds: questions.map(({ facts }) => facts.id),
    propertyNames,
  };
}

/** A person may have put answers above the questions. */
function inFileOrder(entries: Entries, answers: readonly Answer[]): readonly Answer[] {
  const questions = entries.get('questions')?.line ?? 0;
  const others = entries.get('answers')?.line ?? Infinity;
  if (questions < others) return answers;
  const rank = ({ to }: Answer): number => (to.kind === 'question' ? 1 : 0);
  return answers.toSorted((a, b) => rank(a) - rank(b));
}

function namesOf(answers: readonly Answer[]): readonly string[] {
  const names = answers.flatMap(({ to }) =>
    to.kind === 'predicate' ? to.when.properties.map(({ name }) => name) : [],
  );
  return [...new Set(names)];
}

function checkKind(node: Located | undefined, problems: Problem[]): void {
  if (node === undefined || (node.kind === 'scalar' && node.value === 1)) return;
  wrong(
    node,
    '1, the version of the file format',
    'write the file anew with plan --questions of this version, or use the version that wrote it',
    problems,
  );
}

function readGrowthLimit(node: Located | undefined, problems: Problem[]): number {
  if (node === undefined) return DEFAULT_GROWTH_LIMIT;
  const [, digits] = /^(\d{1,4}(?:\.\d{1,6})?) ?%$/.exec((node.kind === 'scalar' && node.text) || '') ?? [];
  const percent = Number(digits ?? Number.NaN);
  if (percent <= LARGEST_GROWTH_LIMIT) return percent;
  wrong(node, `0% to ${LARGEST_GROWTH_LIMIT}%`, 'write growth_limit: 10%', problems);
  return DEFAULT_GROWTH_LIMIT;
}

interface Signed {
  readonly askedBy: AskedBy | null;
  readonly questions: readonly ReadQuestion[];
  readonly signature: string | null;
}

/** A file with questions must be signed by the tool; a file without them need not be. */
function checkSignature(
  path: string,
  entries: Entries,
  { askedBy, questions, signature: other }: Signed,
  problems: Problem[],
): void {
  const signature = entries.get('signature');
  if (askedBy === null && signature === undefined && questions.length === 0) return;
  const missing = [KIND, 'plan', 'signature'].filter((key) => !entries.has(key));
  for (const key of missing) {
    problems.push({
      place: entries.get('questions')?.place ?? path,
      expected: `the key ${key}, which belongs to questions`,
      found: 'none',
      advice: 'bring the file up to date with plan --questions, or keep only answers: in it',
    });
  }
  if (missing.length > 0 || signature === undefined || askedBy === null) return;
  const due = factsSignature({ plan: askedBy, questions: questions.map(({ facts }) => facts) });
  if (due === other || (signature.kind === 'scalar' && signature.text === due)) return;
  problems.push({
    place: signature.place,
    expected: 'the facts as plan wrote them',
    found: 'a signature of other facts: something of plan or of a question was changed by hand, or taken out',
    advice: 'plan --questions again with this file: it puts the facts right and keeps the answers',
  });
}

function tooLong(path: string, problems: Problem[]): null {
  problems.push({
    place: path,
    expected: `at most ${LONGEST / 1024 / 1024} MiB of text`,
    found: 'more',
    advice: 'say what the images have in common instead of naming each, or put the rule into a rules file',
  });
  return null;
}

/** Words of the file end up on a terminal. */
function harmlessProblem({ place, expected, found, advice }: Problem): Problem {
  return { place: harmless(place), expected: harmless(expected), found: harmless(found), advice };
}

const LONGEST_SHOWN = 300;

/** Text of a file for a message: cut, on one line, and nothing in it that a terminal obeys. */
function harmless(text: string): string {
  const short = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
  return short.replaceAll(UNSAFE_CHARACTERS, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}
