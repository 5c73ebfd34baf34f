import { describe, expect, it } from 'vitest';

import { factsOf, factValue, planValues, questionBlock } from '../../../src/answers/file/block.ts';
import { ASKED_BY, facts } from '../support/answers-file.ts';
import { question } from '../support/questions-builder.ts';

describe('the facts of a question', () => {
  it('have candidates in words and every kind of evidence with its count', () => {
    const asked = question('q', 812, { contentUnasked: 10, imageType: 'disk', envelope: 'ova' });
    expect(factsOf(asked)).toMatchObject({
      images: 812,
      imagesNow: null,
      candidates: ['disk/raw', 'kernel/raw', 'disk/vmdk in ova'],
      samples: [{ id: 'q-first', name: 'web' }],
    });
    expect(factsOf(asked).evidence).toEqual([
      '1 of 812: name, the name looks like a kernel',
      '812 of 812: rule, the image type is disk',
      '812 of 812: rule, the envelope is ova',
      expect.stringMatching(/^10 of 812: content, /) as string,
    ]);
  });

  it.each([
    ['images', ' 10'],
    ['images_now', ' 10'],
    ['container_format', ' null'],
    ['why', ' "raw says nothing"'],
    ['candidates', ' [disk/raw, filesystem/raw, kernel/raw]'],
    ['evidence', ' []'],
    ['samples', '\n  - { id: "i", name: null }\n  - { id: "j", name: "web" }'],
  ] as const)('%s is written as %j', (key, value) => {
    const written = facts('q', {
      containerFormat: null,
      samples: [
        { id: 'i', name: null },
        { id: 'j', name: 'web' },
      ],
    });
    expect(factValue(written, key, '')).toBe(value);
  });
});

it('a question is written with its four empty answer keys', () => {
  const text = questionBlock(facts('q'), '  ');
  expect(text.split('\n')[0]).toBe('  - id: q');
  expect(text).toMatch(/\n {4}answer:\n {4}author:\n {4}date:\n {4}reason:$/);
  expect(text).not.toContain('images_now');
  expect(questionBlock(facts('q', { imagesNow: 12 }), '')).toContain('\n  images_now: 12\n');
});

it('a plan is written with its digest in quotes and its numbers without', () => {
  expect(planValues(ASKED_BY).map(([key, value]) => `${key}: ${value}`)).toEqual([
    'created_at: 2026-11-24T10:00:00Z',
    'database: "mysql://glance@db1/glance"',
    `rules_digest: "${'a'.repeat(64)}"`,
    'tool_version: "0.1.0"',
    'images: 20000',
    'undecided: 1234',
  ]);
});
