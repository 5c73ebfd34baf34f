import type { Decision } from '../model/decision.ts';
import type { ImageEvidence } from '../model/image.ts';
import type { Answer, Answers } from './answer/answer.ts';
import { comparableId } from './answer/comparable-id.ts';
import { compilePredicate, conditionCount, isPolicy, type Matcher } from './answer/predicate.ts';

interface Conditional {
  readonly answer: Answer;
  readonly meets: Matcher;
}

/** The answers of a file, ready to be asked for one image after the other. */
export interface AnswerIndex {
  /** By the comparable form of the id. */
  readonly byImage: ReadonlyMap<string, Answer>;
  readonly byQuestion: ReadonlyMap<string, Answer>;
  /** Name an owner, a name, a property or a size; most specific first. */
  readonly particular: readonly Conditional[];
  /** Of the tuple and of having no evidence alone; most specific first. */
  readonly policies: readonly Conditional[];
}

export function indexAnswers({ answers }: Answers): AnswerIndex {
  const byImage = new Map<string, Answer>();
  const byQuestion = new Map<string, Answer>();
  const conditional: (Conditional & { readonly conditions: number; readonly kind: 'particular' | 'policy' })[] = [];
  for (const answer of answers) {
    const { to } = answer;
    switch (to.kind) {
      case 'images':
        for (const { id } of to.images) byImage.set(comparableId(id), answer);
        break;
      case 'question':
        byQuestion.set(to.question, answer);
        break;
      case 'predicate':
        conditional.push({
          answer,
          meets: compilePredicate(to.when),
          conditions: conditionCount(to.when),
          kind: isPolicy(to.when) ? 'policy' : 'particular',
        });
        break;
    }
  }
  // Sorting is stable: of equally many conditions the earlier in the file comes first.
  conditional.sort((a, b) => b.conditions - a.conditions);
  return {
    byImage,
    byQuestion,
    particular: conditional.filter(({ kind }) => kind === 'particular'),
    policies: conditional.filter(({ kind }) => kind === 'policy'),
  };
}

/** The answer that takes an image which the rules leave undecided and no id names. */
export function answerFor(
  index: AnswerIndex,
  evidence: ImageEvidence,
  base: Decision,
  question: string | null,
): Answer | null {
  const met = ({ meets }: Conditional): boolean => meets(evidence, base);
  return (
    index.particular.find(met)?.answer ??
    (question === null ? undefined : index.byQuestion.get(question)) ??
    index.policies.find(met)?.answer ??
    null
  );
}
