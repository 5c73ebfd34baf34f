import { describe, expect, it } from 'vitest';

import { answersOf, ASKED_BY, byHand, facts, problemsOf, questionsFile } from '../support/answers-file.ts';

const WHEN_KEYS = {
  diskFormats: null,
  containerFormats: null,
  owners: null,
  names: null,
  properties: [],
  size: null,
  evidence: null,
};

describe('a questions file', () => {
  it('gives its answers, and not what is left open', () => {
    const answers = answersOf(
      questionsFile({
        questions: [
          [
            facts('raw-bare-00000001'),
            { answer: 'kernel/raw', author: 'ada', date: '2026-11-24', reason: 'seen at boot' },
          ],
          [facts('raw-bare-00000002'), {}],
          [facts('raw-bare-00000003', { images: 7 }), { answer: '2' }],
          [facts('raw-bare-00000004'), { answer: 'Disk/VMDK in OVA' }],
          [facts('raw-bare-00000005'), { answer: ' LEAVE ' }],
          [facts('raw-bare-00000006'), { answer: '~', reason: 'not yet' }],
        ],
      }),
    );
    expect(answers.file).toBe('answers.yaml');
    expect(answers.askedBy).toEqual(ASKED_BY);
    expect(answers.growthLimitPercent).toBe(10);
    expect(answers.questionIds).toHaveLength(6);
    expect(answers.answers).toMatchObject([
      {
        id: 'raw-bare-00000001',
        place: 'answers.yaml:21',
        to: { kind: 'question', question: 'raw-bare-00000001', written: 10 },
        value: {
          kind: 'classification',
          classification: { imageType: 'kernel', containerType: 'raw', envelope: null },
        },
        author: 'ada',
        date: '2026-11-24',
        reason: 'seen at boot',
      },
      {
        to: { written: 7 },
        value: { classification: { imageType: 'filesystem' } },
        author: null,
        date: null,
        reason: null,
      },
      { value: { classification: { imageType: 'disk', containerType: 'vmdk', envelope: 'ova' } } },
      { value: { kind: 'leave' } },
    ]);
  });

  it.each([
    ['a count', 'images: 10\n    disk', 'images: 11\n    disk'],
    ['a candidate', '"kernel/raw"]', '"ramdisk/raw"]'],
    ['the order of candidates', '["disk/raw","filesystem/raw"', '["filesystem/raw","disk/raw"'],
    ['the reason', 'says nothing', 'says much'],
    ['the plan', 'undecided: 1234', 'undecided: 1235'],
    ['the signature', 'sha256:', 'sha256:0'],
  ])('is refused where %s was changed by hand', (_, from, to) => {
    const text = questionsFile({ questions: [[facts('raw-bare-00000001'), { answer: '1' }]] });
    expect(text).toContain(from);
    expect(problemsOf(text.replace(from, to))).toEqual([
      [expect.stringMatching(/^dir\/answers\.yaml:9 signature$/), expect.stringContaining('changed by hand')],
    ]);
  });

  it('is refused where a question was taken out, and takes any answer and comment', () => {
    const one = [facts('raw-bare-00000001'), {}] as const;
    const two = [facts('raw-bare-00000002'), {}] as const;
    const text = questionsFile({ questions: [one, two] });
    expect(problemsOf(text.slice(0, text.lastIndexOf('  - id:')))).toHaveLength(1);
    const filled = text
      .replace('answer: \n', 'answer: leave # later\n')
      .replace('\nquestions:', '\n# mine\n\nquestions:');
    expect(answersOf(filled).answers).toHaveLength(1);
    expect(answersOf(questionsFile({ questions: [two, one] })).questionIds).toHaveLength(2);
  });

  it('needs its kind, its plan and its signature', () => {
    const text = questionsFile({ questions: [[facts('raw-bare-00000001'), {}]] });
    const without = (pattern: RegExp) => problemsOf(text.replace(pattern, '')).map(([, found]) => found);
    expect(without(/^glance_retype_questions: 1\n/)).toEqual(['none']);
    expect(without(/^signature: .*\n/m)).toEqual(['none']);
    expect(without(/^plan:\n(?: {2}.*\n)+/m)).toEqual(['none']);
    expect(problemsOf(text.replace('questions: 1', 'questions: 2'))).toEqual([
      ['dir/answers.yaml:1 glance_retype_questions', '2'],
    ]);
  });

  it('names every broken fact and every unknown word with its line', () => {
    const text = `glance_retype_questions: 1
plan: { created_at: now, database: d, rules_digest: r, tool_version: t, images: -1, undecided: many, more: 1 }
signature: sha256:0
growth_limit: 1001%
questions:
  - id: raw-bare-1
    images: 1.5
    status: ambiguous
    rule: R
    candidates: [disk/raw, disk/tape]
    samples: [{ id: a, nome: b }]
    answer: 4
    autor: ada
  - id: Raw Bare
    images: 1
    status: ambiguous
    rule: R
    answer: tape/raw
  - 5
answers:
  - answer: disk/raw
  - images: [a]
    when: { owner: x }
    answer: 1
  - images: []
  - when: { size: big, evidence: some, nmae: x, owner: [] , property: {}, name: [a, null] }
    answer: disk/raw in zip
    id: 'a b'
    reason: "two\\nlines"
    author: [ada]
  - when: {}
    answer: leave
  - when:
    answer:
`;
    expect(problemsOf(text).map(([place, found]) => `${place.replace('dir/answers.yaml:', '')} <- ${found}`)).toEqual([
      '2 plan.more <- more',
      '2 plan.images <- -1',
      '2 plan.undecided <- "many"',
      '4 growth_limit <- "1001%"',
      '7 questions[0].images <- 1.5',
      '10 questions[0].candidates[1] <- "disk/tape"',
      '11 questions[0].samples[0].nome <- nome',
      '12 questions[0].answer <- 4',
      '13 questions[0].autor <- autor',
      '14 questions[1].id <- "Raw Bare"',
      '18 questions[1].answer <- "tape/raw"',
      '19 questions[2] <- 5',
      '21 answers[0] <- neither',
      '22 answers[1] <- both',
      '24 answers[1].answer <- 1',
      '25 answers[2].images <- none',
      '25 answers[2] <- none',
      '26 answers[3].when.nmae <- nmae',
      '26 answers[3].when.owner <- an empty list',
      '26 answers[3].when.name[1] <- nothing (null)',
      '26 answers[3].when.property <- an empty map',
      '26 answers[3].when.size <- "big"',
      '26 answers[3].when.evidence <- "some"',
      '27 answers[3].answer <- "disk/raw in zip"',
      '28 answers[3].id <- "a b"',
      '29 answers[3].reason <- "two\\nlines"',
      '30 answers[3].author <- a list',
      '31 answers[4].when <- no condition at all',
      '33 answers[5].when <- nothing (null)',
      '34 answers[5].answer <- nothing (null)',
    ]);
  });
});

describe('a file written by hand', () => {
  it('needs no more than answers', () => {
    const answers = byHand(`
  - images: [7, 0012, 6E1F0000-0000-4000-8000-00000000ABCD, 4e10]
    answer: kernel/raw
    author: 007
  - id: site-policy
    when: { disk_format: RAW, container_format: [bare, null, ' '], evidence: none }
    answer: disk/raw
  - when: { owner: [null, 1e3, a], name: "vm*", property: { os_type: [linux, win*], base_image_ref: , __proto__: x }, size: ">= 1 GiB" }
    answer: leave
`);
    expect(answers.askedBy).toBeNull();
    expect(answers.questionIds).toEqual([]);
    expect(answers.propertyNames).toEqual(['__proto__', 'base_image_ref', 'os_type']);
    expect(answers.answers.map(({ to }) => to)).toEqual([
      {
        kind: 'images',
        images: ['7', '0012', '6E1F0000-0000-4000-8000-00000000ABCD', '4e10'].map((id) => ({
          id,
          place: 'answers.yaml:3',
        })),
      },
      {
        kind: 'predicate',
        when: { ...WHEN_KEYS, diskFormats: ['raw'], containerFormats: [null, 'bare'], evidence: 'none' },
      },
      {
        kind: 'predicate',
        when: {
          ...WHEN_KEYS,
          owners: [null, '1e3', 'a'],
          names: ['vm*'],
          properties: [
            { name: '__proto__', patterns: ['x'] },
            { name: 'base_image_ref', patterns: null },
            { name: 'os_type', patterns: ['linux', 'win*'] },
          ],
          size: { min: 1n << 30n, below: null },
        },
      },
    ]);
    expect(answers.answers[0]).toMatchObject({ author: '007', place: 'answers.yaml:3' });
    expect(answers.answers.map(({ id }) => id)).toEqual([
      expect.stringMatching(/^answer-[0-9a-f]{8}$/),
      'site-policy',
      expect.stringMatching(/^answer-[0-9a-f]{8}$/),
    ]);
  });

  it('answers nothing twice', () => {
    const text = `answers:
  - { images: [a, b, a], answer: leave }
  - { images: 6E1F0000-0000-4000-8000-00000000ABCD, answer: leave }
  - { images: 6e1f0000-0000-4000-8000-00000000abcd, answer: disk/raw }
  - { id: x, when: { disk_format: [raw, vhd] }, answer: leave }
  - { id: x, when: { disk_format: [vhd, RAW, raw] }, answer: disk/raw }
  - { images: A, answer: leave, id: y }
`;
    expect(problemsOf(text)).toEqual([
      ['dir/answers.yaml:2', 'a, as in dir/answers.yaml:2'],
      ['dir/answers.yaml:4', '6e1f0000-0000-4000-8000-00000000abcd, as in dir/answers.yaml:3'],
      ['dir/answers.yaml:6', 'x, as in dir/answers.yaml:5'],
      ['dir/answers.yaml:6', 'the same conditions, as in dir/answers.yaml:5'],
    ]);
    const question = [facts('raw-bare-00000001'), {}] as const;
    const item = '  - { id: raw-bare-00000001, when: { owner: o }, answer: leave }\n';
    expect(problemsOf(questionsFile({ questions: [question], answers: item }))).toEqual([
      ['dir/answers.yaml:26', 'raw-bare-00000001'],
    ]);
    expect(problemsOf(questionsFile({ questions: [question, question] })).map(([, found]) => found)).toEqual([
      'raw-bare-00000001, as in dir/answers.yaml:11 questions[0]',
    ]);
  });

  it.each([
    ['', ['dir/answers.yaml:1', 'nothing (null)']],
    ['- a\n- b\n', ['dir/answers.yaml:1', 'a list']],
    ['rows: []\naliases: {}\n', ['dir/answers.yaml:1', 'the keys rows, aliases']],
  ])('is not one of another kind: %j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it.each([
    ['0%', 0],
    ['12.5 %', 12.5],
    ['1000%', 1_000],
  ])('has a limit of growth of %s', (text, percent) => {
    expect(answersOf(`growth_limit: ${text}\nanswers:\n`).growthLimitPercent).toBe(percent);
  });

  it.each(['10', '-1%', '1e2%', '1000.1%', '%', '[10%]', ''])('refuses the limit of growth %j', (text) => {
    expect(problemsOf(`growth_limit: ${text}\nanswers: []\n`)).toHaveLength(1);
  });

  it('looks at 200 properties and no more', () => {
    const items = (count: number) =>
      Array.from({ length: count }, (_, i) => `  - { when: { property: { p${i}: x } }, answer: leave }\n`).join('');
    expect(byHand(items(200)).propertyNames).toHaveLength(200);
    expect(problemsOf(`answers:\n${items(201)}`)).toEqual([['dir/answers.yaml:1 answers', '201']]);
  });
});

describe('a hostile file', () => {
  const bomb = `a: &a [x, x]\n${'bcdefghij'
    .split('')
    .map((key, i) => `${key}: &${key} [${`*${'abcdefghij'[i]}, `.repeat(9)}]`)
    .join('\n')}\nanswers: *j\n`;

  it.each([
    ['aliases', `answers:\n  - &x { images: a, answer: leave }\n  - *x\n`, 'dir/answers.yaml:2 answers[0]'],
    ['a bomb of aliases', bomb, 'dir/answers.yaml:1 a'],
    ['tags', 'answers:\n  - { images: !!str 5, answer: !js/function leave }\n', 'dir/answers.yaml:2'],
    ['another YAML', '%YAML 1.1\n---\nanswers: []\n', 'dir/answers.yaml:1'],
    ['two documents', 'answers: []\n---\nanswers: []\n', 'dir/answers.yaml:2'],
    ['keys given twice', 'answers: []\nanswers: []\n', 'dir/answers.yaml:2'],
    ['keys of prototypes', '__proto__: 1\nconstructor: 2\nanswers: []\n', 'dir/answers.yaml:1 __proto__'],
    ['keys that are lists', '? [a]\n: 1\nanswers: []\n', 'dir/answers.yaml:1'],
    ['NUL', 'answers:\n  - { images: "a\0b", answer: leave }\n', 'dir/answers.yaml:2 answers[0].images'],
    ['NUL in the name of a property', 'answers:\n  - { when: { property: { "a\\0": x } }, answer: leave }\n', ''],
    ['half a surrogate pair', 'answers:\n  - { when: { property: { "\\ud800": } }, answer: leave }\n', ''],
    ['nesting without end', '['.repeat(200_000), 'dir/answers.yaml:1'],
    ['maps without end', '{a: '.repeat(100_000), 'dir/answers.yaml:1'],
    ['dashes without end', '- '.repeat(100_000), 'dir/answers.yaml:1'],
    ['more text than anybody writes', 'x'.repeat(8 * 1024 * 1024 + 1), 'dir/answers.yaml'],
  ])('of %s is refused', (_, text, place) => {
    const problems = problemsOf(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.some(([at]) => at.startsWith(place))).toBe(true);
  });

  it('may not nest deeper than anybody needs, and its tags are refused although YAML knows them', () => {
    const nested = (levels: number) => problemsOf(`answers: ${'['.repeat(levels)}${']'.repeat(levels)}\n`);
    // The library gives up as well, at a depth that depends on the stack; what counts is that it never gets there.
    expect(nested(70)).toEqual([['dir/answers.yaml:1', 'more of them']]);
    expect(nested(50)).toEqual([['dir/answers.yaml:1 answers[0]', 'a list']]);
    expect(problemsOf('answers:\n  - { images: !!str 5, answer: leave }\n')).toEqual([
      ['dir/answers.yaml:2 answers[0].images', 'the tag tag:yaml.org,2002:str'],
    ]);
    expect(problemsOf('answers:\n  - { &x images: &y 5, answer: leave }\n')).toHaveLength(2);
  });

  it('of five megabytes without sense is refused with the first problems', () => {
    const problems = problemsOf(`answers:\n${'  - { imags: x }\n'.repeat(20_000)}`);
    expect(problems).toHaveLength(201);
    expect(problems.at(-1)?.[1]).toMatch(/^\d+ more$/);
    expect(problemsOf(`answers: ${'x'.repeat(5_000_000)}`)).toHaveLength(1);
  }, 60_000);

  it('gets no command through to the terminal', () => {
    const text = 'answers:\n  - { "im\\e[31mages\\u202e": x, images: "\\u009b31m", answer: "\\e]0;x\\a" }\n';
    for (const [place, found] of problemsOf(text)) expect(`${place}${found}`).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('the digest', () => {
  const question = [facts('raw-bare-00000001'), { answer: 'disk/raw', author: 'ada' }] as const;
  const other = [facts('raw-bare-00000002'), { answer: 'leave' }] as const;
  const items = '  - { images: [a, b], answer: leave }\n  - { when: { owner: x, name: y }, answer: disk/raw }\n';
  const base = answersOf(questionsFile({ questions: [question, other], answers: items })).digest;

  it('is one of the answers, not of layout, comments, order of keys, counts or open questions', () => {
    const open = [facts('raw-bare-00000003'), {}] as const;
    const grown = [
      facts('raw-bare-00000001', { images: 999, evidence: ['x'] }),
      { answer: '1', author: '"ada" # me' },
    ] as const;
    const same =
      '  # a comment\n  - answer: LEAVE\n    images: [b, "a"]\n\n  - { when: { name: [y, y], owner: [x] }, answer: disk/raw }\n';
    const text = questionsFile({ questions: [open, other, grown], answers: same, head: 'growth_limit: 50%\n' });
    expect(base).toMatch(/^[0-9a-f]{64}$/);
    expect(answersOf(text).digest).toBe(base);
    expect(answersOf(text.replaceAll('\n', '\r\n')).digest).toBe(base);
  });

  it.each([
    ['answer: disk/raw\n', 'answer: kernel/raw\n'],
    ['author: ada', 'author: eve'],
    ['author: ada', 'author: ada\n    x'],
    ['[a, b]', '[a, c]'],
    ['[a, b]', '[a]'],
    ['owner: x', 'owner: X'],
    ['answer: leave }', 'answer: leave, id: mine }'],
    ['answer: leave }', 'answer: leave, reason: r }'],
    ['date: \n', 'date: today\n'],
  ])('changes with %j to %j', (from, to) => {
    const text = questionsFile({ questions: [question, other], answers: items });
    expect(text).toContain(from);
    const changed = text.replace(from, to.replace('\n    x', ' x'));
    expect(answersOf(changed).digest).not.toBe(base);
  });

  it('changes with the order of conditions, which may decide, and with no other order', () => {
    const a = '  - { when: { owner: x }, answer: leave }\n';
    const b = '  - { when: { name: y }, answer: disk/raw }\n';
    const c = '  - { images: z, answer: disk/raw }\n';
    expect(byHand(a + b + c).digest).toBe(byHand(c + a + b).digest);
    expect(byHand(a + b + c).digest).not.toBe(byHand(b + a + c).digest);
  });
});
