import { describe, expect, it } from 'vitest';

import { NOTHING_SEEN } from '../../src/model/inspection.ts';
import type { ServiceVerdict } from '../../src/model/service-prediction.ts';
import { answerAboutFile } from '../../src/services/file-answer.ts';
import type { Predictor, ServiceRow } from '../../src/services/predictor.ts';

const ACCEPTED: ServiceVerdict = { kind: 'accepted', basis: 'inspected' };
const REFUSED: ServiceVerdict = { kind: 'refused', step: 'safety', check: 'mbr', why: 'w', remedies: [] };
const UNKNOWN: ServiceVerdict = { kind: 'unknown', why: 'its end was not seen' };

/** Says what two services do with a file of which only the beginning was seen, and remembers what was asked. */
function services(before: ServiceVerdict | null, asked: ServiceRow[] = []): Predictor {
  return (row) => {
    asked.push(row);
    const nova = row.diskFormat === 'raw' ? ACCEPTED : row.diskFormat === 'vmdk' ? UNKNOWN : REFUSED;
    return [
      { service: 'nova', verdict: nova, before },
      { service: 'glance', verdict: ACCEPTED, before: before === null ? null : REFUSED },
    ];
  };
}

const WORDS = ['vmdk', 'qcow2', 'raw'];

describe('answerAboutFile', () => {
  it('with a word: the verdicts of all services for a root disk of that word', () => {
    const asked: ServiceRow[] = [];
    const question = { diskFormat: 'Qcow2 ', containerFormat: 'ovf' };
    expect(answerAboutFile(services(null, asked), question, WORDS, NOTHING_SEEN)).toEqual({
      kind: 'verdicts',
      ...question,
      predictions: [
        { service: 'nova', verdict: REFUSED, before: null },
        { service: 'glance', verdict: ACCEPTED, before: null },
      ],
    });
    // As services compare it: neither folded nor trimmed.
    expect(asked).toEqual([{ ...question, use: 'root', payload: 'bytes' }]);
  });

  it('without a word: every word in its order, accepted or unknown; what is in no list is refused', () => {
    const asked: ServiceRow[] = [];
    const question = { diskFormat: null, containerFormat: 'bare' };
    expect(answerAboutFile(services(null, asked), question, WORDS, NOTHING_SEEN)).toEqual({
      kind: 'words',
      containerFormat: 'bare',
      services: [
        {
          service: 'nova',
          now: { accepted: ['raw'], unknown: [{ diskFormat: 'vmdk', why: 'its end was not seen' }] },
          before: null,
        },
        { service: 'glance', now: { accepted: ['vmdk', 'qcow2', 'raw'], unknown: [] }, before: null },
      ],
    });
    expect(asked.map(({ diskFormat, containerFormat }) => `${diskFormat}/${containerFormat}`)).toEqual([
      'vmdk/bare',
      'qcow2/bare',
      'raw/bare',
    ]);
  });

  it('of two releases, the words of each', () => {
    const answer = answerAboutFile(
      services(ACCEPTED),
      { diskFormat: null, containerFormat: 'bare' },
      WORDS,
      NOTHING_SEEN,
    );
    expect(answer).toMatchObject({
      services: [
        { service: 'nova', now: { accepted: ['raw'] }, before: { accepted: WORDS, unknown: [] } },
        { service: 'glance', now: { accepted: WORDS }, before: { accepted: [], unknown: [] } },
      ],
    });
  });
});
