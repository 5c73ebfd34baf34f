import { describe, expect, it } from 'vitest';

import { noSuchImage } from '../../../src/glance/tables/image-lookup.ts';
import { schemaWith } from '../support/schema.ts';

describe('the error for an id without a row', () => {
  it('quotes the id, cut, and says what ids look like', () => {
    const [problem] = noSuchImage(`a"${'b'.repeat(300)}`, schemaWith()).problems;
    expect(problem.place).toBe(`the image "a\\"${'b'.repeat(253)}"`);
    expect(problem.advice).toContain('the whole id');
    const [integer] = noSuchImage('x', schemaWith({ keyKind: 'integer' })).problems;
    expect(integer.advice).toContain('whole numbers');
  });
});
