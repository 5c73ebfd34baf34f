import { describe, expect, it } from 'vitest';

import { compareRow, type ResultValues, sameLegacy, sameResults } from '../../src/journal/compare-row.ts';
import { storedForm } from '../../src/journal/decisions.ts';
import type { JournalEntry } from '../../src/journal/entries.ts';
import { decide, evidence } from '../rules/evidence-builder.ts';

const { image } = evidence('qcow2', 'bare');
const decision = decide(evidence('qcow2', 'bare'));

/** The journal row that migrate would write of it now. */
function entry(changes: Partial<JournalEntry> = {}): JournalEntry {
  const { key, status, rule, imageType, containerType, envelope } = storedForm(decision, image);
  return {
    imageId: image.id,
    runId: 1,
    batch: 1,
    decisionKey: key,
    status,
    imageType,
    containerType,
    envelope,
    rule,
    legacyDiskFormat: image.diskFormat,
    legacyContainerFormat: image.containerFormat,
    glanceStatus: image.status,
    ...changes,
  };
}

const results = (): ResultValues => entry();
const EMPTY: ResultValues = { imageType: null, containerType: null, envelope: null };

describe('compareRow', () => {
  it('finds a row the same that was just migrated', () => {
    expect(compareRow(image, decision, results(), entry())).toEqual({ decision: 'same', results: 'as-stored' });
  });

  it.each([
    ['legacy-changed', { legacyDiskFormat: 'raw' }],
    ['legacy-changed', { legacyContainerFormat: null }],
    ['legacy-changed', { glanceStatus: 'queued' }],
    ['decision-changed', { rule: 'another' }],
    ['decision-changed', { envelope: 'ova' }],
    ['refreshable', { decisionKey: 'older evidence' }],
  ] as const)('finds %s for %j', (word, changes) => {
    expect(compareRow(image, decision, null, entry(changes)).decision).toBe(word);
  });

  it('compares no decision of a deleted image, but its result columns', () => {
    const deleted = { ...image, deleted: true };
    expect(compareRow(deleted, decision, EMPTY, entry())).toEqual({ decision: 'deleted', results: 'changed' });
  });

  it('expects empty result columns where nothing is stored', () => {
    expect(compareRow(image, decision, EMPTY, null)).toEqual({ decision: 'not-stored', results: 'as-stored' });
    expect(compareRow(image, decision, { ...EMPTY, envelope: 'ova' }, null).results).toBe('changed');
  });
});

describe('rows as a driver gives them', () => {
  it('are not the same where a column holds bytes', () => {
    const bytes = { diskFormat: Buffer.from('qcow2'), containerFormat: 'bare', status: 'active' };
    expect(sameLegacy(bytes, image)).toBe(false);
    expect(sameResults({ ...EMPTY, envelope: Buffer.from('') }, null)).toBe(false);
  });
});
