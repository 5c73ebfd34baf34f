import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

import { RetypeError } from '../../../src/model/error.ts';
import { createDecider } from '../../../src/rules/decide/decider.ts';
import { loadRules } from '../../../src/rules/table/load.ts';
import { readRulesFile, type RuleSource, shippedRules } from '../../../src/rules/table/rule-files.ts';
import { asKernel, evidence, liveKernel, outcomeText, predict } from '../evidence-builder.ts';

const shipped = shippedRules();

function operator(text: string, path = 'site.yaml'): RuleSource {
  return { path, text, origin: 'operator' };
}

function edited(change: (text: string) => string): RuleSource {
  const text = change(shipped.text);
  expect(text).not.toBe(shipped.text);
  return { ...shipped, text };
}

/** Line of the shipped file, 1-based, on which the text first occurs. */
function lineOf(source: RuleSource, text: string): number {
  return source.text.slice(0, source.text.indexOf(text)).split('\n').length;
}

function failure(...sources: readonly RuleSource[]): RetypeError {
  try {
    loadRules(sources);
  } catch (error) {
    if (error instanceof RetypeError) return error;
    throw error;
  }
  throw new Error('the rules were accepted');
}

const places = (error: RetypeError) => error.problems.map((problem) => problem.place);

describe('an operator file', () => {
  const example = readRulesFile(fileURLToPath(new URL('../../../config/example.rules.yaml', import.meta.url)));
  const decide = createDecider(loadRules([example, shipped]), predict);

  it('that is shipped as an example loads, and its rows are final and free of findings', () => {
    const decision = decide(evidence('raw', 'bare', { properties: { kernel_id: '' } }));
    expect(decision).toMatchObject({
      rule: 'SITE-RAW-IS-DISK',
      status: 'inferred',
      findings: [],
      disposition: 'boot-disk',
    });
    expect(outcomeText(decide(evidence('root-tar', 'tgz')))).toBe('inferred other/raw in tgz');
  });
  it('says in its conditions what it does not override', () => {
    expect(outcomeText(decide(evidence('raw', 'bare', liveKernel)))).toBe('inferred filesystem/raw');
    expect(outcomeText(decide(evidence('raw', 'bare', { referencedBy: asKernel })))).toBe('exact kernel/raw');
  });
  it('never overrides that there is no payload', () => {
    expect(decide(evidence('raw', 'bare', { image: { status: 'queued' } })).rule).toBe('NA-STATUS');
  });
  it('gives words of the site a meaning', () => {
    const decision = decide(evidence('vpc', 'none'));
    expect([outcomeText(decision), decision.findings]).toEqual(['inferred disk/vhd', ['NOVA_REFUSES']]);
    expect(decision.evidence).toContainEqual({ kind: 'operator', detail: 'disk_format read as vhd by an alias' });
  });
  it('may call an answer exact, but an alias alone is never exact', () => {
    const row = '{ id: A, when: { disk: qed }, then: { type: disk, container: $disk, status: exact }, reason: r }';
    const own = createDecider(
      loadRules([operator(`aliases: { disk: { cd: iso } }\nrows:\n  - ${row}\n`), shipped]),
      predict,
    );
    expect(outcomeText(own(evidence('qed', 'bare')))).toBe('exact disk/qed');
    expect(outcomeText(own(evidence('cd', 'bare')))).toBe('inferred iso9660/raw');
  });
  it('stands before a later file', () => {
    const file = (id: string, type: string) =>
      operator(
        `rows:\n  - { id: ${id}, when: { disk: qed, container: bare }, then: { type: ${type}, container: qed }, reason: r }\n`,
        `${id}.yaml`,
      );
    const wide = operator(
      'rows:\n  - { id: WIDE, when: { disk: qed }, then: { type: other, container: qed }, reason: r }\n',
      'wide.yaml',
    );
    const own = createDecider(loadRules([file('ONE', 'filesystem'), wide, shipped]), predict);
    expect(own(evidence('qed', 'bare')).rule).toBe('ONE');
    expect(own(evidence('qed', 'tgz')).rule).toBe('WIDE');
    const shadowed = failure(wide, file('ONE', 'filesystem'), shipped);
    expect(shadowed.message).toContain('ONE never fires: WIDE before it takes all it allows');
    expect(places(shadowed)).toEqual(['ONE.yaml:2 rows[0]']);
  });
});

describe('a broken operator file', () => {
  it('is refused with all its problems, each with line, path, expectation and advice', () => {
    const text = `aliases:
  disk:
    vpc: vhdd
    raw: qcow2
rows:
  - id: ONE
    when:
      disk: qcow3
      colour: red
    then: { type: disc, container: raw }
    reason: r
  - id: ONE
    when: { container: bare }
    then: { type: disk, container: $disk }
  - when: { img_type: [] }
    then: { type: disk }
    reason: ''
    findings: [ZERO_SIZE]
extra: 1
`;
    const error = failure(operator(text), shipped);
    expect(error.code).toBe('RULES_FILE');
    expect(places(error).toSorted()).toEqual(
      [
        'site.yaml:3 aliases.disk.vpc',
        'site.yaml:4 aliases.disk.raw',
        'site.yaml:8 rows[0].when.disk',
        'site.yaml:9 rows[0].when.colour',
        'site.yaml:10 rows[0].then.type',
        'site.yaml:12 rows[1]',
        'site.yaml:12 rows[1].id',
        'site.yaml:15 rows[2]',
        'site.yaml:15 rows[2].when.img_type',
        'site.yaml:16 rows[2].then',
        'site.yaml:17 rows[2].reason',
        'site.yaml:18 rows[2].findings',
        'site.yaml:19 extra',
      ].toSorted(),
    );
    expect(error.message).toContain('  at       site.yaml:8 rows[0].when.disk\n  expected one of NULL, aki, ari');
    expect(error.message).toContain('found    "qcow3"');
    expect(error.message).toContain('found    ONE, as at site.yaml:6 rows[0].id');
  });
  it('whose placeholder means nothing for a word that it allows is refused', () => {
    const error = failure(
      operator('rows:\n  - { id: A, when: {}, then: { type: disk, container: $disk }, reason: r }\n'),
      shipped,
    );
    expect(error.message).toContain('no meaning for disk NULL');
    expect(places(error)).toEqual(['site.yaml:2 rows[0]']);
  });
  it('that is no YAML, holds a key twice, a tag or an alias is refused by line', () => {
    expect(places(failure(operator('rows: [\n'), shipped))[0]).toMatch(/^site\.yaml:[12]$/);
    expect(places(failure(operator('rows: []\nrows: []\n'), shipped)).map((place) => place.split(' ')[0])).toEqual([
      'site.yaml:2',
    ]);
    expect(failure(operator('rows: !!js/function x\n'), shipped).problems.length).toBeGreaterThan(0);
    expect(failure(operator('aliases: &a { disk: {} }\nrows: *a\n'), shipped).message).toContain('the alias *a');
  });
  it.each(['__proto__', 'constructor', 'toString'])('with the key %s is refused like any other', (key) => {
    expect(failure(operator(`${key}: {}\n`), shipped).message).toContain(`found    ${key}`);
    expect(
      failure(
        operator(`rows:\n  - { id: A, when: { ${key}: x }, then: { type: disk, container: raw }, reason: r }\n`),
        shipped,
      ).message,
    ).toContain(`found    ${key}`);
  });
  it('may alias such a word all the same', () => {
    const own = createDecider(
      loadRules([operator('aliases: { disk: { __proto__: vhd, constructor: iso } }\n'), shipped]),
      predict,
    );
    expect(outcomeText(own(evidence('__proto__', 'bare')))).toBe('inferred disk/vhd');
    expect(outcomeText(own(evidence('constructor', 'bare')))).toBe('inferred iso9660/raw');
  });
  it('that cannot be read is named', () => {
    expect(() => readRulesFile('/nonexistent/site.yaml')).toThrow(/RULES_FILE[^]*\/nonexistent\/site\.yaml[^]*ENOENT/);
  });
});

describe('the shipped table', () => {
  it('is complete: without a row, the tuples that it decided are named', () => {
    const source = edited((text) => text.replace(/ {2}- id: GPT\n(?: {4}.*\n)+/, ''));
    const error = failure(source);
    expect(error.message).toContain('found    none for gpt,bare\n');
    expect(places(error)).toEqual([`config/rules.yaml:${lineOf(source, '\ntuples:') + 1} tuples`]);
  });
  it('has no row that can never fire', () => {
    const source = edited((text) =>
      text.replace('container: [compressed, tgz] }\n    then:\n', 'container: bare }\n    then:\n'),
    );
    const error = failure(source);
    const row = lineOf(source, '- id: UNTYPED-WRAPPED');
    expect(error.problems[0]?.place).toBe(`config/rules.yaml:${row} tuples[1]`);
    expect(error.problems[0]?.found).toContain('UNTYPED-WRAPPED never fires: UNTYPED before it takes all it allows');
  });
  it('gives ambiguous rows two candidates and decided rows one', () => {
    const one = edited((text) =>
      text.replace(
        'status: ambiguous, types: [$container, disk], container: $disk',
        'status: ambiguous, types: [disk], container: $disk',
      ),
    );
    expect(failure(one).message).toContain('expected two types or more in an ambiguous row\n  found    1');
    const two = edited((text) =>
      text.replace('status: exact, types: [kernel]', 'status: exact, types: [kernel, ramdisk]'),
    );
    expect(failure(two).message).toContain('expected one type in an exact row\n  found    2');
    const same = edited((text) => text.replace('types: [iso9660, other]', 'types: [other, other]'));
    expect(failure(same).message).toContain('found    one for iso,UNKNOWN');
  });
  it('needs both contradictions', () => {
    const source = edited((text) => text.replace('between: evidence-and-tuple', 'between: references-and-properties'));
    expect(failure(source).message).toContain('none for evidence-and-tuple');
  });
  it('cannot be left out or given twice', () => {
    expect(failure(operator('rows: []')).message).toContain('exactly one shipped table');
    expect(failure(shipped, shipped).message).toContain('exactly one shipped table');
  });
});

describe('the digest', () => {
  const digest = (...sources: readonly RuleSource[]) => loadRules(sources).digest;
  it('is a SHA-256 that layout, comments and paths do not change', () => {
    const own = 'aliases: { disk: { vpc: vhd, img: raw } }\n';
    const relaid = '# site\naliases:\n  disk:\n    img: raw # here\n    vpc: "vhd"\n';
    expect(digest(shipped)).toMatch(/^[0-9a-f]{64}$/);
    expect(digest(operator(own), shipped)).toBe(digest(operator(relaid, 'other.yaml'), shipped));
  });
  it('changes with the content', () => {
    expect(digest(operator('aliases: { disk: { vpc: vhd } }'), shipped)).not.toBe(digest(shipped));
    expect(digest(operator('aliases: { disk: { vpc: vhd } }'), shipped)).not.toBe(
      digest(operator('aliases: { disk: { vpc: vhdx } }'), shipped),
    );
  });
});
