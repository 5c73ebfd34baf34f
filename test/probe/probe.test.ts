import { describe, expect, it } from 'vitest';
import { probe, probeImage } from '../../src/probe/probe.ts';
import { DEFAULT_BUDGET } from '../../src/probe/reading/budget.ts';
import { Unreadable } from '../../src/probe/reading/reading.ts';
import { SourceFailure } from '../../src/probe/reading/source.ts';
import { memorySource } from '../support/images/memory-source.ts';
import { qcow2Image } from './containers/bytes.ts';
import { readOver } from './reading-over.ts';

it('reports what it cost', async () => {
  expect(await probe(memorySource(qcow2Image()))).toMatchObject({
    containerType: 'qcow2',
    reach: 'whole',
    cost: { requests: 1, bytes: qcow2Image().length },
  });
});

it('leaves no trace of how evidence was gathered', async () => {
  const { evidence } = await probe(memorySource(qcow2Image()));
  expect(Object.keys(evidence[0] ?? {})).toEqual(['offset', 'detail']);
});

describe('bytes that cannot be read', () => {
  it('are a verdict', async () => {
    const source = { ...memorySource(qcow2Image()), read: () => Promise.reject(new Unreadable('truncated', 'gone')) };
    expect(await probe(source)).toMatchObject({ imageType: null, why: 'cannot be read: gone' });
  });

  it('beyond the budget are cut', async () => {
    const verdict = await probe(memorySource(qcow2Image()), { ...DEFAULT_BUDGET, requests: 0 });
    expect(verdict).toMatchObject({ imageType: null, reach: 'cut' });
  });

  it('of a source that fails are a failure', async () => {
    const source = { ...memorySource(qcow2Image()), read: () => Promise.reject(new SourceFailure('refused')) };
    await expect(probe(source)).rejects.toThrow(SourceFailure);
  });
});

it('asks for the size once the beginning was read', () => {
  const bytes = qcow2Image();
  const reading = probeImage(() => (started ? bytes.length : null));
  let started = false;
  const first = reading.next();
  started = true;
  expect(first).toMatchObject({ done: false, value: { kind: 'read', offset: 0 } });
  expect(
    readOver(
      bytes,
      probeImage(() => bytes.length),
    ).value.judgement,
  ).toMatchObject({ containerType: 'qcow2' });
});
