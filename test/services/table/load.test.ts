import { describe, expect, it } from 'vitest';
import { RetypeError } from '../../../src/model/error.ts';
import { createPredictor } from '../../../src/services/predict/create-predictor.ts';
import { loadServices } from '../../../src/services/table/load.ts';
import { shippedServices } from '../../../src/services/table/service-files.ts';
import type { ServiceTable } from '../../../src/services/table/service-table.ts';

/** A small table that is right. */
const SMALL = `
releases:
  - { name: 2024.1, alias: Caracal }
  - { name: 2024.2 }
backends:
  qcow2: the default
inspectors:
  one:
    title: an inspector
    source: made up
    several: refuse
    otherwise: raw
    formats:
      qcow2:
        matches: { signature: qcow2, size: { at_least: 512 } }
        checks:
          backing_file: { fails: { qcow2-backing-file: true }, why: it has a backing file }
services:
  nova:
    title: Nova
    source: made up
    inspector: one
    steps:
      - { step: formats, inspects: formats }
      - { step: safety, inspects: safety, forgives: [{ checks: backing_file, until: 2024.1 }] }
      - { step: comparison, refuses: { not: { detected: $word } }, why: 'declared {word}, found to be {detected}' }
    options:
      - { option: '[DEFAULT]off', value: 'True', from: 2024.2, skips: [safety] }
`;

const load = (text: string, origin: 'shipped' | 'operator' = 'operator'): ServiceTable =>
  loadServices({ path: 'services.yaml', text, origin });

/** The problems of the small table with one text in the place of another. */
function problems(from: string, to: string): readonly string[] {
  expect(SMALL).toContain(from);
  try {
    load(SMALL.replace(from, to));
  } catch (error) {
    if (!(error instanceof RetypeError)) throw error;
    expect([error.code, error.exitCode]).toEqual(['SERVICES_FILE', 2]);
    return error.problems.map(({ place, expected, found, advice }) => `${place} | ${expected} | ${found} | ${advice}`);
  }
  return [];
}

const lineOf = (text: string) => SMALL.slice(0, SMALL.indexOf(text)).split('\n').length;

describe('a table of services', () => {
  it('is read with its releases, backends, services and words', () => {
    const table = load(SMALL);
    expect(table.releases).toEqual([
      { name: '2024.1', alias: 'caracal' },
      { name: '2024.2', alias: null },
    ]);
    expect(table.backends).toEqual([{ name: 'qcow2', title: 'the default' }]);
    expect([...table.services.keys()]).toEqual(['nova']);
    expect(table.diskFormats).toEqual(['qcow2', 'raw']);
  });

  it('is the shipped one, also with the checks of an operator’s', () => {
    const shipped = shippedServices();
    const table = loadServices({ ...shipped, origin: 'operator' });
    expect(table).toEqual(loadServices(shipped));
    expect(table.releases.map(({ name }) => name)).toEqual([
      '2024.1',
      '2024.2',
      '2025.1',
      '2025.2',
      '2026.1',
      '2026.2',
    ]);
    expect([...table.services.keys()]).toEqual([
      'nova',
      'glance',
      'glance-conversion',
      'cinder',
      'ironic',
      'ironic-agent',
    ]);
  });

  it('takes one line for a release that is like the one before it', () => {
    const { text } = shippedServices();
    const line = '  - { name: 2026.2, alias: Hibiscus }\n';
    expect(text).toContain(line);
    const table = load(text.replace(line, `${line}  - { name: 2027.1, alias: Indri }\n`));
    const row = { diskFormat: 'vhd', containerFormat: 'bare', use: 'root', payload: 'bytes' } as const;
    const predict = (release: string) =>
      createPredictor(table, { release, before: null, novaBackend: 'qcow2' })(row, null);
    expect(table.releases.at(-1)).toEqual({ name: '2027.1', alias: 'indri' });
    expect(predict('2027.1')).toEqual(predict('2026.2'));
  });

  it('takes a service of its own, and compares two releases', () => {
    const table = load(SMALL);
    const predict = createPredictor(table, { release: '2024.2', before: '2024.1', novaBackend: 'qcow2' });
    const row = { diskFormat: 'qcow2', containerFormat: 'bare', use: 'root', payload: 'bytes' } as const;
    const file = { signature: 'qcow2', size: 65536, 'qcow2-backing-file': true } as const;
    expect(predict(row, { file, guest: { kind: 'none' } })).toMatchObject([
      { service: 'nova', verdict: { kind: 'refused', check: 'backing_file' }, before: { kind: 'accepted' } },
    ]);
    expect(predict({ ...row, payload: 'none' }, null)).toEqual([]);
    expect(predict({ ...row, payload: 'volumes' }, null)).toEqual([]);
  });

  it('is asked for releases and backends that it has', () => {
    const table = load(SMALL);
    expect(() => createPredictor(table, { release: '2031.1', before: null, novaBackend: 'qcow2' })).toThrow('2031.1');
    expect(() => createPredictor(table, { release: '2024.1', before: null, novaBackend: 'lvm' })).toThrow('lvm');
  });
});

describe('what is wrong with a table', () => {
  it.each([
    ['an unknown key', 'backends:', 'backend:', /backend \| one of the keys releases, backends/u],
    ['no backend', '  qcow2: the default\n', '', /backends \| backends \| none/u],
    ['an odd release', 'name: 2024.2', 'name: Dalmatian', /name \| the year, a full stop/u],
    ['releases out of order', 'name: 2024.2', 'name: 2023.2', /a release after 2024.1 \| 2023.2/u],
    ['the same release twice', 'name: 2024.2', 'name: 2024.1', /a release after 2024.1 \| 2024.1/u],
    ['an unknown release', 'until: 2024.1', 'until: 2024.3', /until \| one of 2024.1, 2024.2 \| 2024.3/u],
    ['dates in the wrong order', 'until: 2024.1', 'from: 2024.2, until: 2024.1', /until \| 2024.2 or later/u],
    ['an unknown fact', 'signature: qcow2,', 'magic: qcow2,', /magic \| one of .*signature.* \| magic/u],
    [
      'a value that the fact cannot have',
      'signature: qcow2,',
      'signature: tar,',
      /signature \| one of qcow2.* \| "tar"/u,
    ],
    ['a flag that is a word', 'qcow2-backing-file: true', 'qcow2-backing-file: present', /true or false \| "present"/u],
    ['a number that is a word', 'size: { at_least: 512 }', 'size: large', /a whole number/u],
    ['an unknown bound', 'at_least: 512', 'at_most: 512', /at_least, below, or both \| at_most/u],
    ['an empty range', 'at_least: 512', 'at_least: 512, below: 512', /a range with a number in it/u],
    ['an empty condition', '{ qcow2-backing-file: true }', '{}', /a map of facts/u],
    [
      'a format without condition',
      'matches: { signature: qcow2, size: { at_least: 512 } }',
      'checks: {}',
      /key matches/u,
    ],
    ['a check without a clause', ', why: it has a backing file', '', /one clause/u],
    ['an unknown placeholder', 'declared {word}', 'declared {name}', /one of word, container.* \| \{name\}/u],
    ['an unknown inspector', 'inspector: one', 'inspector: two', /inspector \| one of one \| "two"/u],
    ['a service without inspector', '    inspector: one\n', '', /the key inspector/u],
    ['an inspector like none before it', '    several: refuse', '    like: two', /like \| one of .* \| "two"/u],
    ['a service without title', '    title: Nova\n', '', /a title \| nothing/u],
    [
      'an inspector for half the releases',
      'inspector: one',
      'inspector: [{ use: one, until: 2024.1 }]',
      /0 for 2024.2/u,
    ],
    [
      'a step that does nothing',
      '{ step: formats, inspects: formats }',
      '{ step: formats }',
      /one of inspects, refuses/u,
    ],
    [
      'a step that does two things',
      'inspects: formats }',
      'inspects: formats, undecided: { word: raw }, why: x }',
      /inspects, undecided/u,
    ],
    ['an unknown inspection', 'inspects: formats', 'inspects: bytes', /inspects \| one of formats, complete, safety/u],
    ['a check that no inspector has', 'checks: backing_file', 'checks: mbr', /checks \| one of backing_file \| "mbr"/u],
    [
      'a detected format that no inspector has',
      'detected: $word',
      'detected: vdi',
      /detected \| one of qcow2, raw \| "vdi"/u,
    ],
    ['an attribute that is none', 'not: { detected: $word }', 'not: { name: x }', /name \| one of word, container/u],
    ['an option without its name', "'[DEFAULT]off'", 'off', /\[section\]name \| off/u],
    ['an option for no step', 'skips: [safety]', 'skips: [qemu]', /skips\[0\] \| one of formats, safety, comparison/u],
    ['an option that changes nothing', ', skips: [safety]', '', /skips, accepts or forgives/u],
    [
      'forgiveness beside another inspection',
      'inspects: safety',
      'inspects: complete',
      /forgives beside inspects: safety/u,
    ],
    [
      'a condition that never holds',
      '{ qcow2-backing-file: true }',
      '{ qcow2-backing-file: true, not: { qcow2-backing-file: true } }',
      /a condition that never holds/u,
    ],
    [
      'an inspector without use',
      'services:\n',
      '  idle: { title: x, source: x, otherwise: raw, formats: { vdi: { matches: { vdi-signature: true } } } }\nservices:\n',
      /no service uses the inspector idle/u,
    ],
    [
      'an option for steps of other releases',
      'step: safety, inspects',
      'step: safety, until: 2024.1, inspects',
      /changes nothing in its releases/u,
    ],
  ])('%s', (_, from, to, expected) => {
    const found = problems(from, to);
    expect(found.join('\n')).toMatch(expected);
    expect(found[0]).toMatch(/^services\.yaml/u);
  });

  it('is said with its line, and everything at once', () => {
    const found = problems('signature: qcow2, size: { at_least: 512 } }', 'magic: x, signature: tar }');
    expect(found).toHaveLength(2);
    for (const problem of found) expect(problem).toMatch(new RegExp(`^services.yaml:${lineOf('matches:')} `, 'u'));
  });

  it('is an empty file, or text that is no YAML', () => {
    for (const text of ['', '[', 'a: *b', '- x']) expect(() => load(text)).toThrow(RetypeError);
  });
});
