import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Decision } from '../../src/model/decision.ts';
import type { ImageRecord } from '../../src/model/image.ts';
import type { ServicePrediction } from '../../src/model/service-prediction.ts';
import { DISPOSITIONS } from '../../src/model/vocabulary.ts';
import { createHtmlWriter } from '../../src/report/html/html-writer.ts';
import { createStreamSink } from '../../src/report/output/sinks.ts';
import { createPlanSummary } from '../../src/report/plan/summary.ts';
import { safeText } from '../../src/report/words/safe-text.ts';
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
  unmappable,
} from '../report/made-images.ts';
import { ACCEPTED, MBR, NO_WORD, prediction, TITLES, TWO, UNKNOWN } from '../report/made-services.ts';
import { launchBrowser, pageScript } from '../support/program/browser.ts';

type Made = readonly [Partial<ImageRecord>, Decision];

/** Kinds of images that differ in everything that the table can be narrowed by. */
const QCOW2 = decided({ rule: 'QCOW2_BARE', status: 'exact' });
const RAW = ambiguous({ rule: 'RAW_BARE', reason: 'raw says nothing', evidence: [{ kind: 'size', detail: '8 GiB' }] });
const AMI = decided({
  rule: 'AMI',
  classification: classification('filesystem', 'raw'),
  oneField: { format: 'ami' },
  disposition: 'boot-with-kernel',
  findings: ['FS_NO_KERNEL'],
});
const OVA = decided({
  rule: 'VMDK_OVA',
  classification: classification('disk', 'vmdk', 'ova'),
  oneField: { format: 'ova' },
});
const EVIL = decided({
  rule: 'CONTENT',
  findings: ['UNSAFE_CONTENT', 'FS_NO_KERNEL'],
  content: { ...READ, safety: ['BACKING_FILE'] },
});
const ANSWERED = decided({
  rule: 'OPERATOR',
  answered: { answer: 'all-ours', question: null, agreement: 'candidate' },
});
const KINDS: readonly Made[] = [
  [{ diskFormat: 'qcow2', containerFormat: 'bare' }, QCOW2],
  [{ diskFormat: 'raw', containerFormat: 'bare' }, RAW],
  [{ diskFormat: 'ami', containerFormat: 'ami' }, AMI],
  [{ diskFormat: 'vmdk', containerFormat: 'ova' }, OVA],
  [{ diskFormat: 'qcow2', containerFormat: 'bare' }, EVIL],
  [{ diskFormat: 'raw', containerFormat: 'bare' }, ANSWERED],
  [{ diskFormat: null, containerFormat: '', status: 'queued' }, notApplicable({ rule: 'QUEUED' })],
  [{ diskFormat: 'root-tar', containerFormat: 'bare' }, unmappable({ rule: 'ROOT_TAR' })],
];

/** `count` images, of all kinds in turn; image 0 is `image-0`, of owner `tenant-0`. */
function* mixed(count: number): Generator<Made> {
  for (let number = 0; number < count; number += 1) {
    const [columns, decision] = KINDS[number % KINDS.length] ?? [{}, QCOW2];
    yield [{ ...columns, id: `id-${number}`, name: `image-${number}`, owner: `tenant-${number % 5}` }, decision];
  }
}

let browser: Browser;
let script: string;
let folder: string;
let files = 0;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  [browser, script, folder] = await Promise.all([
    launchBrowser(),
    pageScript(),
    mkdtemp(join(tmpdir(), 'glance-retype-html-')),
  ]);
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

/** Writes a report as the program does, and returns its address. */
async function written(
  images: Iterable<Made>,
  imageLimit = 1_000_000,
  fields: Parameters<typeof reportOf>[1] = {},
): Promise<string> {
  const file = join(folder, `${(files += 1)}.html`);
  const writer = createHtmlWriter(createStreamSink(createWriteStream(file)), { imageLimit, script });
  const summary = createPlanSummary();
  for (const [columns, decision] of images) {
    const evidence = row(columns);
    summary.add(evidence, decision);
    await writer.add(evidence, decision);
  }
  await writer.end(reportOf(summary.result(), fields));
  return pathToFileURL(file).href;
}

interface Opened {
  readonly page: Page;
  /** Errors and warnings of the console, exceptions, and every address asked for. */
  readonly complaints: string[];
  readonly requests: string[];
}

async function opened(address: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  closing.push(() => context.close());
  // Nothing here takes seconds; what is not there soon will never be.
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(address);
  return { page, complaints, requests };
}

async function openedWith(images: Iterable<Made>, options: BrowserContextOptions = {}): Promise<Opened> {
  return opened(await written(images), options);
}

const rows = (page: Page): Locator => page.locator('.images-grid tbody tr');
const names = (page: Page): Promise<string[]> => page.locator('.images-grid tbody tr td:first-child').allTextContents();
const countLine = (page: Page): Locator => page.locator('#images-count');
const search = (page: Page): Locator => page.getByRole('searchbox');
/** Calls a function, given as text, with the first element of a selector: the tests' own types know no document. */
const ask = (page: Page, selector: string, question: string): Promise<unknown> =>
  page.evaluate(`(${question})(document.querySelector(${JSON.stringify(selector)}))`);
const focusedRow = (page: Page): Promise<unknown> =>
  page.evaluate('document.activeElement?.getAttribute("aria-rowindex")');

async function expectCount(page: Page, text: string): Promise<void> {
  await expect.poll(() => countLine(page).textContent()).toBe(text);
}

describe('opening', () => {
  it('without a complaint and without asking for anything but the file', async () => {
    const address = await written(mixed(40));
    const { page, complaints, requests } = await opened(address);
    await expectCount(page, '40 of 40 images');
    await page.getByRole('button', { name: 'Name' }).click();
    await rows(page).first().click();
    await page.keyboard.press('Escape');
    expect(complaints).toEqual([]);
    expect(requests).toEqual([address]);
  });

  it('nothing reaches beyond the edge of a telephone', async () => {
    // The widest matrix there is: every behaviour of today against every one of tomorrow.
    const changes = DISPOSITIONS.flatMap((novaToday) =>
      DISPOSITIONS.map((disposition): Made => [{}, decided({ novaToday, disposition })]),
    );
    const { page } = await openedWith(changes, { viewport: { width: 390, height: 800 } });
    await expectCount(page, '36 of 36 images');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });

  it('what needs attention comes first', async () => {
    const { page } = await openedWith(mixed(16));
    expect(await names(page)).toEqual(
      [4, 12, 1, 7, 9, 15, 2, 10, 5, 13, 0, 3, 6, 8, 11, 14].map((number) => `image-${number}`),
    );
    expect(await page.locator('#images-plain').isVisible()).toBe(false);
  });

  it('without images there is nothing to search', async () => {
    const { page, complaints } = await openedWith([]);
    expect(await page.locator('#images').textContent()).toContain('There are no images.');
    expect(await page.locator('#images-live').isVisible()).toBe(false);
    expect(complaints).toEqual([]);
  });

  it('more images than it holds: says so, and holds those that need attention', async () => {
    const { page } = await opened(await written(mixed(80), 25));
    await expectCount(page, '25 of 25 images');
    expect(await page.locator('#images > p').textContent()).toContain('25 of 80 images are in this table');
    expect((await names(page)).slice(0, 10).map((name) => Number(name.slice(6)) % 8)).toEqual(Array(10).fill(4));
  });
});

describe('search, filters, order', () => {
  it('every letter narrows, none lost on the way', async () => {
    const { page } = await openedWith(mixed(200));
    await search(page).pressSequentially('image-1 tenant-3');
    await expectCount(page, '22 of 200 images');
    for (const name of await names(page)) expect(name).toMatch(/^image-1/);
    await page.getByRole('button', { name: 'Show all images' }).click();
    await expectCount(page, '200 of 200 images');
    expect(await search(page).inputValue()).toBe('');
  });

  it.each([
    ['Status', 'ambiguous', 10, 1],
    ['Image type', 'filesystem', 10, 2],
    ['Container type', 'vmdk', 10, 3],
    ['Envelope', 'ova', 10, 3],
    ['disk_format', 'NULL', 10, 6],
    ['container_format', "''", 10, 6],
    ['Finding', 'UNSAFE_CONTENT', 10, 4],
    ['Security', 'BACKING_FILE', 10, 4],
    ['Cutover', 'differs', 10, 2],
    ['Rule', 'ROOT_TAR', 10, 7],
    ['Answer', 'all-ours', 10, 5],
    ['Cutover', 'breaks', 10, 2],
  ])('%s', async (label, value, count, kind) => {
    const { page } = await openedWith(mixed(80));
    await page.getByLabel(label, { exact: true }).selectOption(value);
    await expectCount(page, `${count} of 80 images`);
    for (const name of await names(page)) expect(Number(name.slice(6)) % 8).toBe(kind);
    await page.getByLabel(label, { exact: true }).selectOption('');
    await expectCount(page, '80 of 80 images');
  });

  it('the question of an image leads to all images of the question', async () => {
    const { page } = await openedWith(mixed(80));
    await search(page).fill('raw_bare');
    await rows(page).first().press('Enter');
    await page.getByRole('button', { name: /^raw-bare-[0-9a-f]{8}: show its images$/ }).click();
    await expectCount(page, '10 of 80 images');
    expect(await search(page).inputValue()).toBe('');
    expect(await page.getByLabel('Question', { exact: true }).inputValue()).toMatch(/^raw-bare-/);
    expect(await page.locator('dialog').isVisible()).toBe(false);
    expect(await page.evaluate('document.activeElement.id')).toBe('images-title');
  });

  it('anything with data-filter sets that filter and goes to the table', async () => {
    const { page } = await openedWith(mixed(80));
    await page.evaluate(`{
      const link = document.createElement('a');
      link.href = '#images';
      link.dataset.filter = "disk_format:raw&status:ambiguous";
      link.textContent = 'show them';
      document.querySelector('main').prepend(link);
    }`);
    await page.getByText('show them').click();
    await expectCount(page, '10 of 80 images');
    await expect
      .poll(() => page.evaluate('document.querySelector("#images-title").getBoundingClientRect().top < 400'))
      .toBe(true);
    await expect.poll(() => page.url()).toMatch(/#images\?status=ambiguous&disk_format=raw$/);
  });

  it('each column goes up, down, and back to what needs attention', async () => {
    const { page } = await openedWith(mixed(16));
    const before = await names(page);
    const textOf = (column: number) => page.locator(`.images-grid tbody tr td:nth-child(${column})`).allTextContents();
    for (const [place, title] of ['Name', 'Id', 'Declared', 'Becomes', 'Owner', 'Rule'].entries()) {
      const column = [1, 2, 3, 4, 8, 9][place] ?? 1;
      const heading = page.getByRole('grid').getByRole('columnheader', { name: title, exact: true });
      await heading.getByRole('button').click();
      expect(await heading.getAttribute('aria-sort')).toBe('ascending');
      const up = await textOf(column);
      expect(up).toEqual([...up].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
      await heading.getByRole('button').click();
      expect(await heading.getAttribute('aria-sort')).toBe('descending');
      expect(await textOf(column)).toEqual([...up].reverse());
      await heading.getByRole('button').click();
      expect(await heading.getAttribute('aria-sort')).toBe('none');
      expect(await names(page)).toEqual(before);
    }
    await page.getByRole('button', { name: 'Status' }).click();
    expect((await textOf(5))[0]).toBe('exact');
    await page.getByRole('button', { name: 'Cutover' }).click();
    await page.getByRole('button', { name: 'Cutover' }).click();
    expect((await textOf(6))[0]).toBe('boot-disk → boot-with-kernel');
    await page.getByRole('button', { name: 'Findings' }).click();
    await page.getByRole('button', { name: 'Findings' }).click();
    expect((await textOf(7))[0]).toContain('UNSAFE_CONTENT');
  });
});

describe('ids', () => {
  const saved = async (page: Page): Promise<{ readonly name: string; readonly lines: readonly string[] }> => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save ids as .txt' }).click();
    const file = await download;
    const text = await readFile(await file.path(), 'utf8');
    return { name: file.suggestedFilename(), lines: text.trimEnd().split('\n') };
  };

  it('of everything that a filter finds are saved, in its order, not only those in sight', async () => {
    const { page, complaints, requests } = await openedWith(mixed(2_000));
    await page.getByLabel('Rule', { exact: true }).selectOption('RAW_BARE');
    await page.getByLabel('Owner', { exact: true }).selectOption('tenant-1');
    await expectCount(page, '50 of 2,000 images');
    const expected = Array.from({ length: 2_000 }, (_, number) => number)
      .filter((number) => number % 8 === 1 && number % 5 === 1)
      .map((number) => `id-${number}`);
    expect(await saved(page)).toEqual({ name: 'images-rule-raw-bare-owner-tenant-1.txt', lines: expected });
    expect(await page.locator('#images-done').textContent()).toBe('50 ids saved.');
    expect([complaints, requests.length]).toEqual([[], 1]);
  });

  it('are copied, and where the page does not hold all images it says so', async () => {
    const { page } = await opened(await written(mixed(80), 25), { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByLabel('Status', { exact: true }).selectOption('unmappable');
    await expectCount(page, '7 of 25 images');
    await page.getByRole('button', { name: 'Copy ids' }).click();
    await expect
      .poll(() => page.locator('#images-done').textContent())
      .toBe('7 ids copied. This page holds 25 of 80 images, so more may match: plan --csv has all.');
    const copied = String(await page.evaluate('navigator.clipboard.readText()'));
    expect(copied.trimEnd().split('\n')).toHaveLength(7);
    for (const id of copied.trimEnd().split('\n')) expect(Number(id.slice(3)) % 8).toBe(7);
  });
});

describe('the flow', () => {
  it.each([true, false])('leaves out images without a payload until a box is ticked; scripts: %s', async (scripts) => {
    const { page } = await openedWith(mixed(80), { javaScriptEnabled: scripts });
    const [without, every] = [page.locator('.flow-payload'), page.locator('.flow-every')];
    expect([await without.isVisible(), await every.isVisible()]).toEqual([true, false]);
    expect(await without.textContent()).not.toContain('not applicable');
    await page.getByLabel('Also show the 10 images without a payload to classify').check();
    expect([await without.isVisible(), await every.isVisible()]).toEqual([false, true]);
    expect(await every.textContent()).toContain('not applicable');
  });

  it('has no box where every image has a payload', async () => {
    const { page } = await openedWith([[{}, QCOW2]]);
    expect(await page.locator('#flow-all').count()).toBe(0);
  });
});

describe('questions', () => {
  it('are folded, and open on a click', async () => {
    const { page } = await openedWith(mixed(80));
    const why = page.locator('#questions').getByText('raw says nothing');
    expect(await why.isVisible()).toBe(false);
    await page.locator('#questions summary').first().click();
    expect(await why.isVisible()).toBe(true);
    await page.locator('#questions').getByRole('link', { name: '10 images: show and copy their ids' }).first().click();
    await expectCount(page, '10 of 80 images');
  });
});

describe('words', () => {
  const UUID = '4f0c7a1e-1d1c-4b57-9a53-3f4b9d2c1a1';
  const OWNER = '4f3529a78ea5e29b67357d13ac8af4e';
  const owners = Array.from({ length: 5 }, (_, index) => ({
    owner: `${OWNER}${index}`,
    undecided: 97,
    breaks: 24,
    questions: [{ question: 'raw-compressed-45498119', count: 97 }],
    otherQuestions: 0,
  }));
  const long: readonly Made[] = KINDS.map(([columns, decision], index) => [
    { ...columns, id: `${UUID}${index}`, name: `windows server ${index}` },
    { ...decision, rule: 'REFERENCES-OR-PROPERTIES', reason: 'an active image without bytes that boots from volumes' },
  ]);
  /** Words that stand on two lines, save long ones; prose may be parted at a hyphen, ids and words of the model not. */
  const BROKEN = `(() => {
    const range = document.createRange();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const broken = [];
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const at = node.parentElement;
      if (at.closest('script, style, svg, .images-grid, .long') !== null) continue;
      const whole = at.closest('.word, code:not([tabindex]), .unbroken, time') !== null;
      for (const { 0: text, index } of node.data.matchAll(whole ? /\\S+/g : /[^\\s-]+/g)) {
        if (text.length > 44) continue;
        range.setStart(node, index);
        range.setEnd(node, index + text.length);
        const rows = [...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top / 5));
        if (new Set(rows).size > 1) broken.push(text);
      }
    }
    return broken;
  })()`;

  it.each([360, 480, 600, 768, 980, 1100, 1280, 1400])('stay whole in a window of %i pixels', async (width) => {
    const more = { others: { undecided: 0, breaks: 0 }, unseen: 0 };
    const next = ['glance-retype questions answers.yaml     # answer them'];
    const address = await written(long, 100, { owners: { listed: owners, ...more }, next });
    const { page } = await opened(address, { viewport: { width, height: 800 } });
    await page.evaluate('for (const fold of document.querySelectorAll("details")) fold.open = true');
    expect(await page.evaluate(BROKEN)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });
});

describe('services', () => {
  const services = (...[nova, cinder]: readonly ServicePrediction['verdict'][]): readonly ServicePrediction[] =>
    [nova, cinder].flatMap((verdict, index) =>
      verdict === undefined ? [] : [prediction(index === 0 ? 'nova' : 'cinder', verdict, ACCEPTED)],
    );
  const images = Array.from({ length: 30 }, (_, number): Made => {
    const decision = decided({ services: number % 3 === 0 ? services(NO_WORD, UNKNOWN) : services(ACCEPTED, MBR) });
    return [{ id: `4f0c7a1e-1d1c-4b57-9a53-3f4b9d2c1${String(number).padStart(3, '0')}` }, decision];
  });
  const compared = { header: { ...HEADER, ...TWO }, serviceTitles: TITLES };

  it('a figure leads to its images, and an image says what each service does and what helps', async () => {
    const { page, complaints } = await opened(await written(images, 100, compared));
    const section = page.locator('#services');
    expect(await section.getByRole('heading', { level: 2 }).textContent()).toBe('OpenStack 2024.2 to 2025.2');
    await section.getByRole('article').filter({ hasText: 'Nova word 10 images' }).getByRole('link').click();
    await expectCount(page, '10 of 30 images');
    expect(await page.getByLabel('OpenStack', { exact: true }).inputValue()).toBe('Nova: will be refused, word');
    await rows(page).first().click();
    const details = await page.locator('dialog').textContent();
    expect(details).toContain('in 2024.2 acceptedin 2025.2 refused by the step word: the word vhd is not known');
    expect(details).toContain('to pass: convert it: qemu-img convert -O qcow2');
    await page.keyboard.press('Escape');
    await section
      .getByRole('row', { name: /^Cinder 20/ })
      .first()
      .getByRole('link')
      .first()
      .click();
    await expectCount(page, '20 of 30 images');
    expect(complaints).toEqual([]);
  });

  it.each([360, 480, 768, 1100, 1400])('stay inside a window of %i pixels', async (width) => {
    const { page } = await opened(await written(images, 100, compared), { viewport: { width, height: 800 } });
    await expectCount(page, '30 of 30 images');
    expect(await page.locator('#services').isVisible()).toBe(true);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });
});

describe('address', () => {
  it('holds what is shown, and shows it again to somebody else', async () => {
    const address = await written(mixed(80));
    const first = await opened(address);
    await search(first.page).fill('tenant-3');
    await first.page.getByLabel('disk_format', { exact: true }).selectOption('raw');
    await first.page.getByRole('button', { name: 'Name' }).click();
    await expect.poll(() => first.page.url()).toBe(`${address}#images?text=tenant-3&disk_format=raw&sort=name`);
    const shown = await names(first.page);
    const second = await opened(first.page.url());
    await expectCount(second.page, '4 of 80 images');
    expect(await names(second.page)).toEqual(shown);
    expect(await search(second.page).inputValue()).toBe('tenant-3');
    expect(second.complaints).toEqual([]);
  });

  it('is left alone until something is asked, and a change of it is followed', async () => {
    const address = await written(mixed(80));
    const { page } = await opened(`${address}#findings`);
    await expectCount(page, '80 of 80 images');
    await page.evaluate('location.hash = "images?status=unmappable"');
    await expectCount(page, '10 of 80 images');
    await page.evaluate('location.hash = "images"');
    await expectCount(page, '10 of 80 images');
  });

  it('with nonsense in it shows everything', async () => {
    const address = await written(mixed(8));
    const { page, complaints } = await opened(`${address}#images?sort=x&status=&__proto__=1&%E0%A4%A=1`);
    await expectCount(page, '8 of 8 images');
    expect(complaints).toEqual([]);
  });

  it('with a value that no image has shows none, and says which', async () => {
    const { page } = await opened(`${await written(mixed(8))}#images?rule=%3Cscript%3E`);
    await expectCount(page, '0 of 8 images');
    expect(await page.getByLabel('Rule', { exact: true }).inputValue()).toBe('<script>');
  });
});

describe('details', () => {
  it('show everything that is known of an image', async () => {
    const { page } = await openedWith(mixed(8));
    await page.getByRole('row', { name: /image-4/ }).click();
    const dialog = page.getByRole('dialog', { name: 'image-4' });
    const text = (await dialog.textContent()) ?? '';
    for (const part of ['id-4', 'tenant-4', 'qcow2 / bare', 'inferred: disk/qcow2', 'CONTENT: the reason', 'active']) {
      expect(text).toContain(part);
    }
    expect(text).toContain('UNSAFE_CONTENT (error): the content is dangerous to a program that opens it');
    expect(text).toContain('BACKING_FILE (error): the image names a backing file');
    expect(text).toContain('glance-retype explain id-4');
    await dialog.getByRole('button', { name: 'Close' }).click();
    expect(await dialog.isVisible()).toBe(false);
    await page.getByRole('row', { name: /image-1/ }).click();
    const open = (await page.getByRole('dialog', { name: 'image-1' }).textContent()) ?? '';
    expect(open).toMatch(/Candidates, best firstdisk\/rawfilesystem\/raw/);
    expect(open).toContain('size: 8 GiB');
  });

  it('a click beside the dialog closes it', async () => {
    const { page } = await openedWith(mixed(8));
    await rows(page).first().click();
    await page.mouse.click(5, 5);
    expect(await page.getByRole('dialog').isVisible()).toBe(false);
  });

  it('the command can be copied', async () => {
    const { page } = await openedWith(mixed(8), { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('row', { name: /image-3/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await dialog.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('glance-retype explain id-3');
  });
});

describe('keyboard', () => {
  it('leads from the top of the page through search, filters and headings into a row, its details and back', async () => {
    const { page } = await openedWith(mixed(300));
    const tabUntil = async (test: string): Promise<void> => {
      for (let presses = 0; presses < 200; presses += 1) {
        if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(test)})`)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`Tab never led to ${test}`);
    };
    await tabUntil('input[type=search]');
    await page.keyboard.type('tenant-2');
    await expectCount(page, '60 of 300 images');
    await tabUntil('select');
    await page.keyboard.type('ex');
    await expectCount(page, '7 of 300 images');
    await tabUntil('thead button');
    await page.keyboard.press('Enter');
    await tabUntil('tbody tr');
    expect(await focusedRow(page)).toBe('2');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const third = (await names(page))[2] ?? '';
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: third, exact: true }).waitFor();
    await page.keyboard.press('Escape');
    expect(await focusedRow(page)).toBe('4');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press(' ');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    expect(await focusedRow(page)).toBe('3');
    await page.keyboard.press('Shift+Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Rule');
  });

  it('End, Home and the page keys move through rows that do not exist yet', async () => {
    const { page } = await openedWith(mixed(5_000));
    await rows(page).first().focus();
    await page.keyboard.press('End');
    expect(await focusedRow(page)).toBe('5001');
    await page.keyboard.press('PageUp');
    expect(Number(await focusedRow(page))).toBeLessThan(4_999);
    await page.keyboard.press('Home');
    expect(await focusedRow(page)).toBe('2');
    await page.keyboard.press('ArrowUp');
    expect(await focusedRow(page)).toBe('2');
    await page.keyboard.press('PageDown');
    const after = Number(await focusedRow(page));
    expect(after).toBeGreaterThan(5);
    await page.keyboard.press('ArrowDown');
    expect(await focusedRow(page)).toBe(String(after + 1));
  });

  it('the focus stays on its row while the table is scrolled, and the keys go on from there', async () => {
    const { page } = await openedWith(mixed(5_000));
    await rows(page).nth(3).focus();
    await ask(page, '.images-scroll', '(element) => { element.scrollTop = 60000 }');
    await expect
      .poll(() => rows(page).filter({ hasText: 'image-' }).last().getAttribute('aria-rowindex').then(Number))
      .toBeGreaterThan(1_000);
    expect(await focusedRow(page)).toBe('5');
    await page.keyboard.press('ArrowDown');
    expect(await focusedRow(page)).toBe('6');
    expect(Number(await ask(page, '.images-scroll', '(element) => element.scrollTop'))).toBeLessThan(500);
  });

  it('Tab leads into the table wherever it was scrolled to', async () => {
    const { page } = await openedWith(mixed(5_000));
    await ask(page, '.images-scroll', '(element) => { element.scrollTop = 60000 }');
    await expect.poll(() => rows(page).last().getAttribute('aria-rowindex').then(Number)).toBeGreaterThan(1_000);
    await page.getByRole('button', { name: 'Rule' }).focus();
    await page.keyboard.press('Tab');
    expect(Number(await focusedRow(page))).toBeGreaterThan(1_000);
  });
});

describe('screen reader', () => {
  it('hears a grid, its size, where a row stands, how it is sorted and what the fields are for', async () => {
    const { page } = await openedWith(mixed(1_000));
    const grid = page.getByRole('grid', { name: 'Images' });
    expect(await grid.getAttribute('aria-rowcount')).toBe('1001');
    expect(await rows(page).nth(9).getAttribute('aria-rowindex')).toBe('11');
    await page.getByRole('button', { name: 'Owner' }).click();
    const tree = await page.locator('#images').ariaSnapshot();
    expect(tree).toContain('heading "Images" [level=2]');
    expect(tree).toContain('searchbox "Search id, name, owner, format, rule, finding"');
    for (const label of ['Status', 'disk_format', 'Finding', 'Question', 'Cutover'])
      expect(tree).toContain(`combobox "${label}"`);
    expect(tree).toContain('grid "Images"');
    expect(tree).toMatch(/columnheader "Owner"/);
    expect(tree).toMatch(/row "image-\d+ id-\d+ /);
    expect(tree).toContain('rowheader "image-');
    await search(page).fill('id-77');
    await expectCount(page, '11 of 1,000 images');
    expect(await countLine(page).getAttribute('aria-live')).toBe('polite');
    expect(await grid.getAttribute('aria-rowcount')).toBe('12');
  });

  it('finds a name at everything that can be worked', async () => {
    const { page } = await openedWith(mixed(8));
    const tree = await page.locator('body').ariaSnapshot();
    expect(tree).not.toMatch(/- (button|link|combobox|searchbox|grid|columnheader|table|dialog)( \[.*\])?:?$/m);
  });
});

describe('paper and no script', () => {
  it('without JavaScript the first images are there, with a sentence that says so', async () => {
    const { page } = await openedWith(mixed(500), { javaScriptEnabled: false });
    expect(await page.locator('#images-plain tbody tr').count()).toBe(200);
    expect(await page.locator('#images-plain').isVisible()).toBe(true);
    expect(await page.locator('#images-plain tbody tr').first().textContent()).toContain('image-4');
    expect(await page.locator('#images-plain').textContent()).toContain('the first 200 of 500 images');
    expect(await page.locator('#images-live').isVisible()).toBe(false);
    expect(await page.locator('#theme').isVisible()).toBe(false);
  });

  it('on paper too', async () => {
    const { page } = await openedWith(mixed(500));
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#images-plain').isVisible()).toBe(true);
    expect(await page.locator('#images-live').isVisible()).toBe(false);
    const pdf = await page.pdf();
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  });
});

describe('themes', () => {
  const ground = (page: Page): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor');

  it.each(['light', 'dark'] as const)(
    '%s as the system says, the other at the button, and back',
    async (colorScheme) => {
      const { page } = await openedWith(mixed(8), { colorScheme });
      const system = await ground(page);
      await page.locator('#theme').click();
      expect(await page.evaluate('document.documentElement.dataset.theme')).toBe(
        colorScheme === 'light' ? 'dark' : 'light',
      );
      expect(await ground(page)).not.toBe(system);
      await page.locator('#theme').click();
      expect(await ground(page)).toBe(system);
    },
  );

  it.each(['light', 'dark'] as const)('%s: text of the table and of the details can be read', async (colorScheme) => {
    const { page } = await openedWith(mixed(8), { colorScheme });
    await rows(page).first().click();
    for (const selector of [
      '.images-scroll',
      '.images-grid thead',
      'dialog',
      '.images-controls input',
      '.images-controls select',
    ]) {
      expect(Number(await ask(page, selector, CONTRAST)), selector).toBeGreaterThanOrEqual(4.5);
    }
  });
});

/** Contrast of an element's text with its own ground, by WCAG 2. */
const CONTRAST = `(element) => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const { color, backgroundColor } = getComputedStyle(element);
  if (/rgba\\(.*, 0\\)/.test(backgroundColor)) return 0;
  const [low, high] = [light(color), light(backgroundColor)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}`;

describe('hostile text', () => {
  const HOSTILE = [
    ...NASTY.filter((text) => text !== ''),
    '<script>window.canary = 1</script>',
    '</script><script>window.canary = 1</script>',
    '<!--<script>',
    '--><img src=x onerror="window.canary=1">',
    '"><svg onload=window.canary=1>',
    `' onmouseover='window.canary=1`,
    'javascript:window.canary=1',
    '</textarea></title></style><script>window.canary=1</script>',
    '&lt;b&gt;&amp;&#x3c;',
    '${window.canary = 1}',
    '__proto__',
    'constructor',
    '\u202e\u2066tpircs\u2069',
    '\udc00\ud800',
    'x'.repeat(5_000),
  ];
  const images: readonly Made[] = HOSTILE.map((text, number) => [
    { id: `${number} ${text}`, name: text, owner: text, status: text, diskFormat: text, containerFormat: text },
    number % 2 === 0
      ? ambiguous({
          rule: text,
          reason: text,
          evidence: [{ kind: text, detail: text }],
          answered: { answer: text, question: null, agreement: 'outside' },
        })
      : decided({ rule: text, reason: text, evidence: [{ kind: text, detail: text }] }),
  ]);

  it('is text everywhere, with nothing invisible in it, and nothing runs', async () => {
    const { page, complaints, requests } = await openedWith(images);
    await expectCount(page, `${HOSTILE.length} of ${HOSTILE.length} images`);
    const shown = new Set<string>();
    await rows(page).first().focus();
    for (const _ of HOSTILE) {
      shown.add(String(await page.evaluate('document.activeElement.firstElementChild.textContent')));
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('ArrowDown');
    }
    const cut = (text: string) => (text.length > 255 ? `${text.slice(0, 255)}…` : text);
    expect(shown).toEqual(new Set(HOSTILE.map((text) => safeText(cut(text)))));
    const everything = String(await page.evaluate('document.documentElement.textContent'));
    // Line ends and blanks of the page's own markup aside.
    expect(everything.replaceAll(/[\n\t]/g, '')).toBe(safeText(everything.replaceAll(/[\n\t]/g, '')));
    expect(await page.evaluate('window.canary')).toBeUndefined();
    expect(await page.locator('script').count()).toBe(2);
    expect(await page.locator('#images img, #images svg').count()).toBe(0);
    expect(complaints).toEqual([]);
    expect(requests).toHaveLength(1);
  });

  it('can be searched and filtered for', async () => {
    const { page, complaints } = await openedWith(images);
    for (const text of ['</script><script>', '__proto__', '&lt;b&gt;', '${window']) {
      await search(page).fill(text);
      await expect.poll(() => countLine(page).textContent()).toMatch(/^[1-9]/);
      await expect.poll(async () => (await names(page)).every((name) => name.includes(text))).toBe(true);
    }
    await search(page).fill('');
    await page.getByLabel('Rule', { exact: true }).selectOption('__proto__');
    await expectCount(page, `1 of ${HOSTILE.length} images`);
    await expect.poll(() => page.url()).toContain('rule=__proto__');
    expect(await page.evaluate('window.canary')).toBeUndefined();
    expect(complaints).toEqual([]);
  });
});

describe('100,000 images', () => {
  let address: string;
  beforeAll(async () => {
    address = await written(mixed(100_000));
  });

  it('are all there, found, filtered and sorted right, with a few rows in the document', async () => {
    const { page, complaints } = await opened(address);
    await expectCount(page, '100,000 of 100,000 images');
    expect(await rows(page).count()).toBeLessThan(80);
    await search(page).fill('image-99999');
    await expectCount(page, '1 of 100,000 images');
    expect(await names(page)).toEqual(['image-99999']);
    await search(page).fill('');
    await page.getByLabel('Status', { exact: true }).selectOption('unmappable');
    await expectCount(page, '12,500 of 100,000 images');
    await page.getByLabel('Status', { exact: true }).selectOption('');
    await page.getByRole('button', { name: 'Name' }).click();
    await rows(page).first().focus();
    await page.keyboard.press('End');
    expect(await focusedRow(page)).toBe('100001');
    expect((await names(page)).at(-1)).toBe('image-99999');
    expect(await rows(page).count()).toBeLessThan(80);
    expect(complaints).toEqual([]);
  });
});
