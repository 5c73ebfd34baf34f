import { describe, expect, it } from 'vitest';

import type { Decision } from '../../src/model/decision.ts';
import { questionId } from '../../src/model/question-id.ts';
import { decide, evidence } from '../rules/evidence-builder.ts';

const words = (diskFormat: string | null, containerFormat: string | null) => ({ diskFormat, containerFormat });
const raw = decide(evidence('raw', 'bare'));

describe('the id of a question', () => {
  it('has the folded words and eight digits of what the images have in common', () => {
    expect(questionId(words('raw', 'bare'), raw)).toMatch(/^raw-bare-[0-9a-f]{8}$/);
    expect(questionId(words(' RAW', 'bare'), raw)).toBe(questionId(words('raw', 'bare'), raw));
    expect(questionId(words('raw', ''), raw)).toBe(questionId(words('raw', null), raw));
  });
  it('depends on the first candidate, and not on the order of the others', () => {
    if (raw.status !== 'ambiguous') throw new Error('raw/bare is not ambiguous');
    const [first, second, ...rest] = raw.candidates;
    const turned: Decision = { ...raw, candidates: [first, ...rest, second] as unknown as typeof raw.candidates };
    const other: Decision = { ...raw, candidates: [second, first, ...rest] };
    expect(questionId(words('raw', 'bare'), turned)).toBe(questionId(words('raw', 'bare'), raw));
    expect(questionId(words('raw', 'bare'), other)).not.toBe(questionId(words('raw', 'bare'), raw));
  });
  it('has no character of the database but letters, digits and dashes', () => {
    expect(questionId(words('a/../b', '…'), raw)).toMatch(/^a-b-odd-[0-9a-f]{8}$/);
    expect(questionId(words('x'.repeat(99), null), raw)).toMatch(/^x{16}-null-[0-9a-f]{8}$/);
  });
  it('is null where nothing is asked', () => {
    expect(questionId(words('iso', 'bare'), decide(evidence('iso', 'bare')))).toBeNull();
    expect(questionId(words('raw', 'bare'), decide(evidence('raw', 'bare', { image: { deleted: true } })))).toBeNull();
  });
});
