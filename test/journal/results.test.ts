import { describe, expect, it } from 'vitest';
import { type GlanceSchema } from '../../src/glance/tables/schema.ts';
import { batchScopes, scopesOfDecisions } from '../../src/journal/results.ts';

const SCHEMA = { keyKind: 'text', scan: { kind: 'key' } } as unknown as GlanceSchema;
const OWN = 'r.run_id = ? AND r.batch = ?';

describe('the scopes of a batch', () => {
  it('are its range in the journal’s own order', () => {
    const range = { after: 'a', until: 'm' };
    const [scope, ...more] = batchScopes(SCHEMA, { runId: 1, batch: 2, range, ids: [] });
    expect(scope).toEqual({ sql: `r.image_id > ? AND r.image_id <= ? AND ${OWN}`, bindings: ['a', 'm', 1, 2] });
    expect(more).toEqual([]);
  });

  it('are lists of ids where its rows lie anywhere', () => {
    const ids = Array.from({ length: 501 }, (_, index) => `id-${index}`);
    const scopes = batchScopes(SCHEMA, { runId: 1, batch: 2, range: null, ids });
    expect(scopes.map(({ bindings }) => bindings.length)).toEqual([502, 3]);
    expect(scopes[1]).toEqual({ sql: `r.image_id IN (?) AND ${OWN}`, bindings: ['id-500', 1, 2] });
  });

  it('can be restricted to some decisions', () => {
    const scope = { sql: OWN, bindings: [1, 2] };
    expect(scopesOfDecisions([scope], new Set(['x', 'y']))).toEqual([
      { sql: `${OWN} AND r.decision_key IN (?, ?)`, bindings: [1, 2, 'x', 'y'] },
    ]);
    expect(scopesOfDecisions([scope], new Set())).toEqual([]);
  });
});
