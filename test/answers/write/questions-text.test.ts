import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { documentFacts, dueSignature, parseQuestions } from '../../../src/answers/file/document.ts';
import { factsOf } from '../../../src/answers/file/block.ts';
import { readAnswers } from '../../../src/answers/read/answers.ts';
import { CONTAINER_TYPES, ENVELOPES, IMAGE_TYPES } from '../../../src/model/vocabulary.ts';
import {
  ASKED_BY,
  blockOf,
  fileOf,
  question,
  replanned,
  classification,
  written,
} from '../support/questions-builder.ts';
import { runs } from '../../support/effort.ts';

/** Any sequence of UTF-16 code units: controls, halves of pairs and all. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    '',
    ' ',
    'null',
    '~',
    '1e5',
    '- a: [b',
    '# x',
    "'",
    '"',
    '\\',
    '<script>',
    '\u001b[31m',
    '\u202e',
    '\u0085',
    '\ufeff',
    '{{',
    '%TAG',
    '---',
    '...',
    'a: b',
    '\t',
  ),
);
const anyClassification = fc.record({
  imageType: fc.constantFrom(...IMAGE_TYPES),
  containerType: fc.constantFrom(...CONTAINER_TYPES),
  envelope: fc.constantFrom(...ENVELOPES, null),
});
const anyWord = fc.oneof(
  fc.constantFrom('raw', 'ami', 'qcow2', null),
  anyText.map((text) => `x${text}x`),
);
const anyQuestion = fc.record({
  status: fc.constantFrom('ambiguous' as const, 'unmappable' as const),
  diskFormat: anyWord,
  containerFormat: anyWord,
  reason: anyText.map((text) => `why ${text}`),
  candidates: fc.uniqueArray(anyClassification, { minLength: 2, maxLength: 4, selector: (one) => JSON.stringify(one) }),
  count: fc.integer({ min: 1, max: 1_000_000 }),
  evidence: fc.array(
    fc.record({ kind: fc.constantFrom('name', 'content'), detail: anyText, count: fc.integer({ min: 1, max: 9 }) }),
    { maxLength: 8 },
  ),
  samples: fc.array(fc.record({ id: anyText.map((text) => `i${text}`), name: fc.option(anyText) }), { maxLength: 5 }),
});

describe('a new file', () => {
  test('any text of the database comes back exactly, and the file is printable', () => {
    fc.assert(
      fc.property(fc.array(anyQuestion, { maxLength: 4 }), (asked) => {
        const questions = asked.map((more, index) =>
          question(`raw-bare-0000000${index}`, more.count, {
            ...more,
            candidates: more.status === 'unmappable' ? [] : more.candidates,
          }),
        );
        const text = fileOf(questions);
        const document = parseQuestions(text);
        expect(document === null ? null : documentFacts(document)).toEqual({
          plan: ASKED_BY,
          questions: questions.map(factsOf),
        });
        expect(text).not.toMatch(/(?![\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(readAnswers({ path: 'q.yaml', text }).questionIds).toEqual(questions.map(({ id }) => id));
      }),
      runs(300),
    );
  });

  test('the questions stand in the order given, none is answered, the header says how to', () => {
    const text = fileOf([question('raw-bare-00000001', 10), question('ami-ami-00000002', 5)]);
    expect(readAnswers({ path: 'q.yaml', text })).toMatchObject({
      askedBy: ASKED_BY,
      answers: [],
      growthLimitPercent: 10,
      questionIds: ['raw-bare-00000001', 'ami-ami-00000002'],
    });
    const header = text.slice(0, text.indexOf('glance_retype_questions'));
    for (const word of [...IMAGE_TYPES, ...CONTAINER_TYPES, ...ENVELOPES, 'glance-retype questions FILE', 'leave']) {
      expect(header).toContain(word);
    }
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(140);
  });

  test('what the header shows as answers is understood', () => {
    const text = fileOf([question('raw-bare-00000001', 10)]);
    const shown = /^#( +)answers:\n(?:#\1  .*\n)+/m.exec(text)?.[0] ?? '';
    const answers = readAnswers({ path: 'q.yaml', text: `${text}\n${shown.replaceAll(/^# {8}/gm, '')}` }).answers;
    expect(answers.map(({ to }) => to.kind)).toEqual(['images', 'predicate', 'predicate']);
  });

  test.each(['null', 'true', 'no', '1.0', '0x1f', '.inf', '2026-11-24', 'a: b', '#a'])(
    'the word %j stays a word',
    (word) => {
      const text = fileOf([question('a-b-00000001', 7, { diskFormat: word, containerFormat: null, rule: word })]);
      expect(parse(text)).toMatchObject({ questions: [{ disk_format: word, container_format: null, rule: word }] });
      // The first YAML took more words for something else.
      if (word !== '2026-11-24')
        expect(parse(text, { version: '1.1' })).toMatchObject({ questions: [{ disk_format: word }] });
      expect(readAnswers({ path: 'q.yaml', text }).questionIds).toHaveLength(1);
    },
  );

  test('without questions it is a file all the same', () => {
    const text = fileOf([]);
    expect(text).toContain('\nquestions: []\n');
    expect(readAnswers({ path: 'q.yaml', text }).questionIds).toEqual([]);
  });

  test('an unmappable group says what is known of it, and that nobody looked inside', () => {
    const text = fileOf([
      question('a-b-00000001', 7, {
        status: 'unmappable',
        candidates: [],
        evidence: [],
        imageType: 'other',
        envelope: 'docker',
        contentUnasked: 5,
      }),
    ]);
    expect(blockOf(text, 'a-b-00000001')).toContain('candidates: []');
    expect(blockOf(text, 'a-b-00000001')).toMatch(
      /7 of 7: rule, the image type is other[^]*the envelope is docker[^]*5 of 7: content/,
    );
  });

  test('images beyond the groups kept apart are mentioned, and the line goes when they do', () => {
    const asked = [question('raw-bare-00000001', 10)];
    const text = fileOf(asked, { beyond: 3 });
    expect(text).toContain('# Not asked here: 3 more undecided images');
    const grown = replanned(text, asked, 1);
    expect(grown).toContain('# Not asked here: 1 more undecided image ');
    const gone = replanned(grown, asked);
    expect(gone).not.toContain('Not asked here');
    expect(replanned(gone, asked, 3)).toContain('# Not asked here: 3 more');
    expect(replanned(grown, asked, 1)).toBe(grown);
  });
});

test('questions whose text is without end leave room: the file can be read again', () => {
  const name = '\u202e'.repeat(255);
  const many = Array.from({ length: 1_500 }, (_, index) =>
    question(`raw-bare-${String(index).padStart(8, '0')}`, 2, {
      samples: Array.from({ length: 5 }, () => ({ id: 'x', name })),
    }),
  );
  const text = fileOf(many, { beyond: 10 });
  const listed = readAnswers({ path: 'q.yaml', text }).questionIds.length;
  expect(listed).toBeGreaterThan(500);
  expect(listed).toBeLessThan(1_500);
  expect(text).toContain(`# Not asked here: ${10 + 2 * (1_500 - listed)} more undecided images`);
});

const A = 'raw-bare-0000000a';
const B = 'raw-bare-0000000b';
const C = 'raw-bare-0000000c';

describe('a file brought up to date', () => {
  const asked = [question(A, 100), question(B, 50), question(C, 20)];
  const text = fileOf(asked);

  test('the same plan gives the same file, to the byte', () => {
    const again = replanned(text, asked);
    expect(replanned(again, asked)).toBe(again);
    expect(changedLines(text, again).map((line) => line.trim().split(':')[0])).toEqual(['created_at', 'signature']);
  });

  test('counts, evidence and samples become those of the plan', () => {
    const fresh = question(B, 60, {
      evidence: [
        { kind: 'content', detail: 'blank', count: 9 },
        { kind: 'name', detail: 'x', count: 2 },
      ],
      samples: [],
    });
    const made = replanned(text, [asked[0] ?? fresh, fresh, question(C, 20)]);
    expect(blockOf(made, B)).toBe(blockOf(fileOf([fresh]), B));
    expect(blockOf(made, A)).toBe(blockOf(text, A));
    expect(sealed(made)).toBe(true);
  });

  test('questions that are new come last, biggest first', () => {
    const made = replanned(text, [question('new-a-00000001', 500), ...asked, question('new-b-00000002', 3)]);
    expect(idsOf(made)).toEqual([A, B, C, 'new-a-00000001', 'new-b-00000002']);
    expect(sealed(made)).toBe(true);
  });

  test('a question that is not asked any more goes, but for its comments', () => {
    const noted = text
      .replace(`- id: ${B}`, `# look at rack 7\n  - id: ${B}   # bob knows`)
      .replace(`    rule: TUPLE-RAW`, `    # why not?\n    rule: TUPLE-RAW`);
    const made = replanned(noted, [asked[0] ?? question(A, 100), question(C, 20)]);
    expect(idsOf(made)).toEqual([A, C]);
    expect(made).toMatch(/# look at rack 7\n {2}# bob knows\n/);
    expect(made).toContain('# why not?');
    expect(sealed(made)).toBe(true);
  });

  test('first, last and all questions may go, and others come instead', () => {
    for (const kept of [[B, C], [A, B], [A], [C], []]) {
      const left = asked.filter(({ id }) => kept.includes(id));
      const made = replanned(text, [...left, question('new-a-00000001', 1)]);
      expect(idsOf(made)).toEqual([...kept, 'new-a-00000001']);
      const without = replanned(text, left);
      expect(idsOf(without)).toEqual(kept);
      expect(idsOf(replanned(without, asked))).toEqual([...kept, ...[A, B, C].filter((id) => !kept.includes(id))]);
    }
  });

  test('an answered question keeps the number it was answered for and gets images_now', () => {
    const answered = written(text, A, 'answer', 'disk/raw   # sure');
    const grown = replanned(answered, [question(A, 140), question(B, 50), question(C, 20)]);
    expect(blockOf(grown, A)).toContain('images: 100\n    images_now: 140\n');
    expect(blockOf(grown, A)).toContain('answer: disk/raw   # sure');
    expect(blockOf(replanned(grown, [question(A, 150), question(B, 50), question(C, 20)]), A)).toContain(
      'images: 100\n    images_now: 150\n',
    );
    // Back at the number it was answered for, the two need not be told apart.
    expect(blockOf(replanned(grown, asked), A)).toBe(blockOf(answered, A));
    const gone = replanned(grown, [question(B, 50), question(C, 20)]);
    expect(blockOf(gone, A)).toContain('images: 100\n    images_now: 0\n');
    // With groups that are not kept apart nobody knows whether it is still asked.
    expect(blockOf(replanned(grown, [question(B, 50), question(C, 20)], 9), A)).toBe(blockOf(grown, A));
    expect([grown, gone].map(sealed)).toEqual([true, true]);
  });

  test('candidates of an answered question keep their order, so that an answer by number means the same', () => {
    const turned = question(A, 100, {
      candidates: [classification('disk', 'vmdk', 'ova'), classification('disk'), classification('kernel')],
    });
    const others = [question(B, 50), question(C, 20)];
    expect(blockOf(replanned(text, [turned, ...others]), A)).toContain('[disk/vmdk in ova, disk/raw, kernel/raw]');
    expect(blockOf(replanned(written(text, A, 'answer', '2'), [turned, ...others]), A)).toContain(
      '[disk/raw, kernel/raw, disk/vmdk in ova]',
    );
  });

  test('what a person wrote stays to the character: comments, blanks, order, quotes, answers, growth limit', () => {
    let mine = text;
    mine = mine.replace('growth_limit: 10%', 'growth_limit:   25%     # agreed with ops\n\n\n# a line of mine');
    mine = written(mine, B, 'answer', "'kernel/raw'  # from the boot log");
    mine = written(mine, B, 'reason', '"it\'s: \\"so\\""');
    mine = mine.replace(`    images: 50`, `    images:     50     # on Monday`);
    mine +=
      "\n\nanswers:   # by hand\n- images: [ 'x' ]   # one\n  answer:   disk/raw\n\n\n-   when: {name: 'a*'}\n    answer: leave\n# the end";
    const made = replanned(mine, [question(A, 100), question(B, 70), question(C, 20)]);
    expect(changedLines(mine, made)).toEqual([
      '  created_at: 2026-11-25T10:00:00Z',
      expect.stringMatching(/^signature: sha256:/) as string,
      '    images_now: 70',
      '      - "1 of 70: name, the name looks like a kernel"',
    ]);
    expect(commentsIn(made)).toEqual(commentsIn(mine));
    expect(made.slice(made.indexOf('\nanswers:'))).toBe(mine.slice(mine.indexOf('\nanswers:')));
  });

  test('comments inside lists that change stay', () => {
    const noted = text
      .replace('    evidence:\n', '    evidence: # what we saw\n      # on Monday\n')
      .replace('    samples:\n', '    samples:\n      # gone soon\n');
    const made = replanned(noted, [question(A, 7, { evidence: [], samples: [] }), question(B, 50), question(C, 20)]);
    expect([...commentsIn(made)].sort()).toEqual([...commentsIn(noted)].sort());
    expect(blockOf(made, A)).toMatch(
      /evidence: \[\]\n {4}# what we saw\n {4}# on Monday\n {4}samples: \[\]\n {4}# gone soon/,
    );
  });

  test('line ends of another system, no line end at the end, another indentation', () => {
    const windows = `\uFEFF${written(text, A, 'answer', '1').replaceAll('\n', '\r\n')}`.trimEnd();
    const made = replanned(windows, [question(A, 101), question('new-a-00000001', 1)]);
    expect(made.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(idsOf(made)).toEqual([A, 'new-a-00000001']);
    expect(made.startsWith('\uFEFF#')).toBe(true);
    const flush = text
      .replaceAll(/^ {2}(?= *(?:- |[a-z]))/gm, '')
      .replace(/^plan:\n(?:\w.*\n){6}/m, (plan) => plan.replaceAll(/^(?!plan)/gm, '  ').replace(/ +$/, ''));
    const moved = replanned(flush, [question(A, 101), question('new-a-00000001', 1)]);
    expect(moved).toContain('\n- id: new-a-00000001\n  images: 1\n');
    expect(sealed(moved)).toBe(true);
  });

  test('a file written by hand becomes one with questions, and keeps what it says', () => {
    const hand = '# mine\nanswers:\n  - images: [x]\n    answer: disk/raw # yes';
    const made = replanned(hand, [question(A, 100)]);
    expect(made.startsWith(`${hand}\n`)).toBe(true);
    const read = readAnswers({ path: 'q.yaml', text: made });
    expect([read.questionIds, read.answers.length, read.askedBy?.images]).toEqual([[A], 1, 20_000]);
    expect(idsOf(replanned(`${hand}\n`, []))).toEqual([]);
  });

  test('facts changed by hand are put right, and answers kept for the smaller number', () => {
    const answered = written(written(text, A, 'answer', 'disk/raw'), B, 'answer', 'leave');
    const bent = answered
      .replace('images: 100', 'images: 900')
      .replace('images: 50', 'images: 5')
      .replace('raw says nothing', 'everything is fine');
    const made = replanned(bent, [question(A, 120), question(B, 60), question(C, 20)]);
    expect(blockOf(made, A)).toContain('images: 120\n    disk_format');
    expect(blockOf(made, B)).toContain('images: 5\n    images_now: 60\n');
    expect(made).not.toContain('everything is fine');
    expect(sealed(made)).toBe(true);
  });

  test('a broken file is refused', () => {
    const broken = [
      text.replace('questions:\n  -', 'questions:\n  - ]'),
      `${text}\nanswers:\n  - images: [x]\n    answer: disc/raw\n`,
      `${text}\nsurprise: 1\n`,
      'hello',
      `answers: ${'['.repeat(20_000)}`,
      '',
      JSON.stringify({ glance_retype_questions: 1, answers: [] }),
    ];
    for (const one of broken) {
      expect(() => replanned(one, asked), one.slice(-80)).toThrow(/DECISIONS_FILE/);
    }
  });

  test('any answers and comments, any two plans: answers stay, the file stays sealed and readable', () => {
    const plan = fc.uniqueArray(
      fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), count: fc.integer({ min: 1, max: 99 }) }),
      {
        selector: ({ id }) => id,
      },
    );
    fc.assert(
      fc.property(plan, plan, fc.subarray(['a', 'b', 'c', 'd', 'e']), fc.nat(), (first, second, answered, seed) => {
        const ask = (list: typeof first) => list.map(({ id, count }) => question(`raw-bare-0000000${id}`, count));
        let mine = fileOf(ask(first));
        for (const id of answered) {
          if (mine.includes(`0000000${id}\n`)) mine = written(mine, `raw-bare-0000000${id}`, 'answer', 'kernel/raw');
        }
        mine = mine
          .split('\n')
          .map((line, index) =>
            (index + seed) % 7 === 0 && line.trim() !== '' && index > 60 ? `${line} # note ${index}` : line,
          )
          .join('\n');
        const made = replanned(mine, ask(second));
        const notes = (of: string) =>
          commentsIn(of)
            .filter((line) => line.startsWith('# note'))
            .sort();
        expect(notes(made)).toEqual(notes(mine));
        expect(sealed(made)).toBe(true);
        const kept = first.filter(({ id }) => answered.includes(id)).map(({ id }) => `raw-bare-0000000${id}`);
        const read = readAnswers({ path: 'q.yaml', text: made });
        expect(read.answers.map(({ id }) => id)).toEqual(kept);
        expect([...read.questionIds].sort()).toEqual(
          [...new Set([...kept, ...ask(second).map(({ id }) => id)])].sort(),
        );
        expect(replanned(made, ask(second))).toBe(made);
      }),
      runs(150),
    );
  });
});

function sealed(text: string): boolean {
  const document = parseQuestions(text);
  return document !== null && document.signature === dueSignature(document);
}

function idsOf(text: string): readonly string[] {
  expect(sealed(text)).toBe(true);
  return readAnswers({ path: 'q.yaml', text }).questionIds;
}

/** Lines of `after` that `before` does not have. */
function changedLines(before: string, after: string): readonly string[] {
  const had = before.split('\n');
  return after.split('\n').filter((line) => !had.includes(line));
}

/** Comments, behind the header. */
function commentsIn(text: string): readonly string[] {
  return (text.slice(text.indexOf('glance_retype_questions')).match(/(?:^|\s)#.*$/gm) ?? []).map((line) => line.trim());
}
