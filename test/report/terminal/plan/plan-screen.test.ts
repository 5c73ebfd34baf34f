import { stripVTControlCharacters } from 'node:util';
import { assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../../src/model/decision.ts';
import type { SafetyCode } from '../../../../src/model/safety.ts';
import { renderPlan } from '../../../../src/report/terminal/plan/plan.ts';
import { textWidth } from '../../../../src/report/words/text-width.ts';
import {
  ambiguous,
  classification,
  decided,
  HEADER,
  NASTY,
  notApplicable,
  READ,
  reportOf,
  row,
  summaryOf,
  unmappable,
} from '../../made-images.ts';
import { ACCEPTED, MBR, MISMATCH, prediction, TITLES, TWO, UNKNOWN } from '../../made-services.ts';

const PLAIN = { width: 80, colour: 'plain' } as const;

const CODES: readonly SafetyCode[] = ['BACKING_FILE', 'DIRTY', 'POLYGLOT', 'ENCRYPTED_CONTENT', 'DECOMPRESSION_BOMB'];

function unsafe(code: SafetyCode): Decision {
  const content = { ...READ, safety: [code] };
  return decided({ content, findings: ['CONTENT_MISMATCH', 'UNSAFE_CONTENT'] });
}

const BUSY = summaryOf([
  ...Array.from({ length: 60 }, (_, index) => [row({ diskFormat: `w${index}` }), unmappable(), 60 - index] as const),
  ...Array.from({ length: 40 }, (_, index) => [row({ diskFormat: `d${index}` }), decided(), 3] as const),
  [row({ diskFormat: 'raw' }), ambiguous({ findings: ['FS_NO_KERNEL'] }), 700],
  ...CODES.map((code) => [row({ diskFormat: 'raw' }), unsafe(code)] as const),
  [row({}), decided({ disposition: 'refuse', findings: ['KERNEL_MISSING', 'OVF_UNVERIFIED'] }), 9],
  [row({}), decided({ novaToday: 'refuse', services: [], classification: classification('disk', 'raw') }), 2],
]);

describe('a plan on a terminal', () => {
  it('is one screen: the verdict first, dangers, questions with ids, and what to type last', () => {
    const text = renderPlan(reportOf(BUSY, { next: ['glance-retype expand     # adds the result columns'] }), {
      ...PLAIN,
      rows: 40,
    });
    expect(text.split('\n').length).toBeLessThanOrEqual(40);
    expect(text).toMatch(/^Not ready: 2,530 of 2,666 images are undecided, 136 decided\.\n/);
    expect(text).toContain('At the cutover 11 images will behave differently: 9 break, 2 improve.\n');
    expect(text).toContain(
      'Security: 5 dangerous, 1 calling for caution in 5 images looked into; unknown in\n2,661 not looked into (--probe all).\n',
    );
    expect(text).toContain('\nNothing was written to the database.\n');
    expect(text).toContain('\nmigrate: less than a minute (estimate; rehearse measures it)\n');
    for (const code of CODES) expect(text).toContain(`  ${code}: `);
    expect(text).toMatch(/\n {2}700 {2}raw-bare-[0-9a-f]{8} {2}disk\/raw or filesystem\/raw\n/);
    expect(text).toMatch(
      /Undecided: 2,530 images, 61 questions {2}5\d more: --html report\.html\n {2}Answer them: plan --questions answers\.yaml, then questions answers\.yaml\n/,
    );
    expect(text).toMatch(/\nNext\n {2}glance-retype expand {5}# adds the result columns\n$/);
  });

  it('is the same screen in colour', () => {
    const [ansi, plain] = (['ansi', 'plain'] as const).map((colour) =>
      renderPlan(reportOf(BUSY), { width: 80, rows: 30, colour }),
    );
    expect(ansi).toContain('\u001b[1mSecurity\u001b[0m');
    expect(stripVTControlCharacters(ansi ?? '')).toBe(plain);
  });

  it('says of each tuple what becomes of most of its images first', () => {
    const mixed = summaryOf([
      [row({}), decided(), 2],
      [row({}), decided({ rule: 'OTHER' }), 4],
      [row({}), unmappable(), 3],
      [row({}), notApplicable(), 5],
    ]);
    expect(renderPlan(reportOf(mixed), { ...PLAIN, rows: 24 })).toContain(
      '  14  qcow2 / bare  6 disk/qcow2, 5 without payload, 3 undecided\n',
    );
  });

  it('says everything where there is no terminal', () => {
    const text = renderPlan(reportOf(BUSY), { ...PLAIN, rows: null });
    expect(text.split('\n').length).toBeGreaterThan(100);
    expect(text).not.toContain('more: --html');
  });

  it('leaves out a remark behind a command that would not fit its line, never the command', () => {
    const command = `glance-retype plan --glance-conf ${'/x'.repeat(40)}`;
    const text = renderPlan(reportOf(BUSY, { next: [`${command}     # a remark`] }), { ...PLAIN, rows: 24 });
    expect(text.endsWith(`\n  ${command}\n`)).toBe(true);
  });

  it('fits every terminal of 24 to 60 lines and 40 to 200 columns, and never loses a danger, the verdict or a command', () => {
    const size = record({ rows: integer({ min: 24, max: 60 }), width: integer({ min: 40, max: 200 }) });
    assert(
      property(size, constantFrom('ansi' as const, 'plain' as const), (terminal, colour) => {
        const text = renderPlan(reportOf(BUSY), { ...terminal, colour });
        const lines = stripVTControlCharacters(text).trimEnd().split('\n');
        expect(lines.length).toBeLessThanOrEqual(terminal.rows - 1);
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(terminal.width);
        expect(lines[0]).toMatch(/^Not ready: 2,530/);
        expect(lines.at(-1)).toBe('  glance-retype expand');
        for (const code of CODES) expect(lines.filter((line) => line.includes(`${code}:`))).toHaveLength(1);
      }),
    );
  });

  it('with services fits the same terminals, and says first what a release will refuse', () => {
    const services = [
      prediction('nova', MBR, ACCEPTED),
      prediction('glance', MISMATCH, MISMATCH),
      prediction('cinder', UNKNOWN, UNKNOWN),
    ];
    const summary = summaryOf([
      [row({}), decided({ services }), 9],
      ...Array.from(
        { length: 60 },
        (_, i) => [row({ diskFormat: `w${i}` }), unmappable({ services }), 60 - i] as const,
      ),
    ]);
    const report = reportOf(summary, { header: { ...HEADER, ...TWO }, serviceTitles: TITLES });
    const size = record({ rows: integer({ min: 24, max: 60 }), width: integer({ min: 60, max: 200 }) });
    assert(
      property(size, (terminal) => {
        const lines = renderPlan(report, { ...terminal, colour: 'plain' })
          .trimEnd()
          .split('\n');
        expect(lines.length).toBeLessThanOrEqual(terminal.rows - 1);
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(terminal.width);
        expect(lines.join(' ')).toContain('OpenStack 2025.2 will refuse what works in 2024.2: Nova 1,839 images.');
        expect(lines.find((line) => line.includes('Nova  '))).toMatch(/^ {2}1,839 {2}Nova {2,4}will be refused/);
        expect(lines.at(-1)).toBe('  glance-retype expand');
      }),
    );
  });

  it('is harmless and aligned whatever rows and rules hold', () => {
    const images = NASTY.map(
      (text, index) =>
        [
          row({ id: `${index}${text}`, name: text.repeat(40), diskFormat: text, containerFormat: text }),
          index % 2 === 0 ? ambiguous({ rule: text, reason: text }) : unmappable({ rule: text }),
        ] as const,
    );
    for (const width of [40, 80, 200]) {
      const text = renderPlan(reportOf(summaryOf(images)), { width, rows: 60, colour: 'plain' });
      expect(text).not.toMatch(/(?!\n)\p{Cc}|\p{Cs}|[\u202a-\u202e]/u);
      for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
    }
  });
});
