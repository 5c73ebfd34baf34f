import { describe, expect, it } from 'vitest';

import type { Inspection } from '../../../src/model/inspection.ts';
import type { ServicePrediction } from '../../../src/model/service-prediction.ts';
import type { ServiceRow } from '../../../src/services/predictor.ts';
import { remembered } from '../../../src/services/predict/remembered.ts';
import { CONTENTS } from '../contents.ts';
import { TABLE } from '../predictions.ts';

const row = (change: Partial<ServiceRow> = {}): ServiceRow => ({
  diskFormat: 'raw',
  containerFormat: 'bare',
  use: 'root',
  payload: 'bytes',
  ...change,
});

/** A memory over a function that counts how often it is asked, and says what it was asked. */
function counted() {
  const asked: string[] = [];
  const predict = remembered(TABLE, ({ diskFormat, containerFormat }): readonly ServicePrediction[] => {
    const why = `${diskFormat} in ${containerFormat}`;
    asked.push(why);
    const refused = { kind: 'refused', step: 'word', check: 'word', why, remedies: [] } as const;
    return [{ service: 'nova', verdict: refused, before: refused }];
  });
  return { asked, predict };
}

const why = (predictions: readonly ServicePrediction[]) =>
  predictions.flatMap(({ verdict, before }) =>
    [verdict, before].map((one) => (one?.kind === 'refused' ? one.why : '')),
  );

describe('the memory of predictions', () => {
  it('gives images that are alike one list, whether their bytes are one object or two', () => {
    const { asked, predict } = counted();
    const bytes: Inspection = CONTENTS.ntfs;
    const first = predict(row(), bytes);
    expect(predict(row(), bytes)).toBe(first);
    expect(predict(row(), structuredClone(bytes))).toBe(first);
    expect(predict(row(), null)).not.toBe(first);
    expect(asked).toHaveLength(2);
  });

  it('tells words, containers, uses, payloads and bytes apart', () => {
    const { asked, predict } = counted();
    predict(row(), null);
    predict(row({ diskFormat: 'qcow2' }), null);
    predict(row({ diskFormat: null }), null);
    predict(row({ containerFormat: 'ami' }), null);
    predict(row({ containerFormat: null }), null);
    predict(row({ use: 'boot-part' }), null);
    predict(row({ payload: 'volumes' }), null);
    predict(row(), CONTENTS.ntfs);
    predict(row(), CONTENTS['qcow2-of-qcow2']);
    expect(asked).toHaveLength(9);
  });

  it('asks once for all words that the table does not name, and answers each in its own words, of both releases', () => {
    const { asked, predict } = counted();
    expect(why(predict(row({ diskFormat: 'site-a' }), null))).toEqual(['site-a in bare', 'site-a in bare']);
    expect(why(predict(row({ diskFormat: 'site $& b' }), null))).toEqual(['site $& b in bare', 'site $& b in bare']);
    expect(why(predict(row({ diskFormat: '', containerFormat: 'box' }), null))).toEqual(["'' in box", "'' in box"]);
    expect(asked).toHaveLength(2);
  });
});
