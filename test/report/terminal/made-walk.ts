import { parseQuestions } from '../../../src/answers/file/document.ts';
import { beginWalk, type Walk } from '../../../src/answers/walk/walk.ts';

import type { Question } from '../../../src/model/question.ts';
import { fileOf, question, replanned, written } from '../../answers/support/questions-builder.ts';

export const A = 'raw-bare-0000000a';
export const B = 'ami-bare-0000000b';

/** A walk through two questions; `answer` is given to the first, and `later` is what another plan counts. */
export function walkOf(answer: string | null, later: readonly Question[] = []): Walk {
  const asked = [
    question(A, 100, {
      samples: [
        { id: 'i1', name: 'web\u001b' },
        { id: 'i2', name: null },
        { id: 'i3', name: 'x' },
      ],
    }),
    question(B, 20, { candidates: [], status: 'unmappable', diskFormat: 'ami' }),
  ];
  const first = answer === null ? fileOf(asked) : written(fileOf(asked), A, 'answer', answer);
  const document = parseQuestions(later.length === 0 ? first : replanned(first, later));
  if (document === null) throw new Error('not a file of questions');
  return beginWalk(document, 10);
}
