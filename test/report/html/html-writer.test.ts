import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { Decision } from '../../../src/model/decision.ts';
import { createHtmlWriter } from '../../../src/report/html/html-writer.ts';
import { pageScript } from '../../support/program/browser.ts';
import { ambiguous, decided, memorySink, NASTY, reportOf, row, summaryOf } from '../made-images.ts';

async function page(
  images: readonly (readonly [string, Decision])[],
  imageLimit = 1_000,
  script = 'run()',
): Promise<string> {
  const sink = memorySink();
  const writer = createHtmlWriter(sink, { imageLimit, script });
  for (const [id, decision] of images) await writer.add(row({ id }), decision);
  expect(sink.pieces).toEqual([]);
  await writer.end(reportOf(summaryOf(images.map(([id, decision]) => [row({ id }), decision]))));
  expect(sink.state.ended).toBe(1);
  return sink.pieces.join('');
}

const made = (count: number, decision: Decision) =>
  Array.from({ length: count }, (_, place) => [`image-${place}`, decision] as const);

function section(text: string): string {
  return /<section id="images"[\s\S]*?<\/section>/.exec(text)?.[0] ?? '';
}

describe('what it says of the images it holds', () => {
  it('none', async () => {
    expect(section(await page([]))).toContain('There are no images.');
  });

  it('all', async () => {
    const text = section(await page([...made(3, decided()), ['q', ambiguous()]]));
    expect(text).toContain('4 images. 1 image needs attention');
    expect(text).not.toContain('Without JavaScript');
  });

  it('none that needs attention', async () => {
    expect(section(await page(made(3, decided())))).toContain('3 images. None of them needs attention.');
  });

  it('a part: how many of how many, and where all are', async () => {
    const text = section(await page(made(12, decided()), 10));
    expect(text).toContain('10 of 12 images are in this table');
    expect(text).toMatch(/--html-images.*--ndjson and --csv hold all/);
    expect(text).toContain('the first 10 of 12 images');
  });

  it('of more than 200 the first 200 stand in the plain table', async () => {
    const text = section(await page(made(250, decided())));
    expect(text.match(/<th scope="row">/g)).toHaveLength(200);
    expect(text).toContain('the first 200 of 250 images');
  });

  it('a limit of 0 leaves the sections and an empty table', async () => {
    const text = section(await page(made(5, decided()), 0));
    expect(text).toContain('0 of 5 images are in this table');
    expect(text).not.toContain('<table');
  });
});

describe('policy', () => {
  it('lets nothing load, and nothing run but the script and the styles of the page', async () => {
    const script = 'run("ü\u2028")';
    const text = await page(made(2, decided()), 10, script);
    const policy = (/http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(text)?.[1] ?? '').replaceAll(
      '&#39;',
      "'",
    );
    const hash = (content: string | undefined) =>
      `'sha256-${createHash('sha256')
        .update(content ?? '')
        .digest('base64')}'`;
    const scripts = [...text.matchAll(/<script>([\s\S]*?)<\/script>/g)];
    const styles = [...text.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)];
    expect(scripts.map(([, content]) => content)).toEqual([script]);
    expect(styles).toHaveLength(1);
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hash(script)}`,
      `style-src ${hash(styles[0]?.[1])}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(text).not.toMatch(/\s(style|on\w+)="/);
  });

  it('a script that would end its own element is refused', () => {
    for (const script of ['"</script>"', '"</SCRIPT >"', '"<!--"']) {
      expect(() => createHtmlWriter(memorySink(), { imageLimit: 1, script })).toThrow(/end its own element/);
    }
  });

  it('the bundled script can stand in a page', async () => {
    const script = await pageScript();
    expect(() => createHtmlWriter(memorySink(), { imageLimit: 1, script })).not.toThrow();
    // Nothing of the registries of findings and rules: their words come with the data.
    expect(script.length).toBeLessThan(60_000);
  });
});

it('hostile text in every column leaves no element behind', async () => {
  const plain = (await page([['a', decided()]])).match(/<[a-z]+/g)?.length;
  for (const text of [
    ...NASTY,
    '<script>window.canary=1</script>',
    '"><img src=x onerror=alert(1)>',
    '</table></section>',
  ]) {
    const sink = memorySink();
    const writer = createHtmlWriter(sink, { imageLimit: 10, script: 'run()' });
    const image = row({ id: 'a', name: text, owner: text, status: text, diskFormat: 'qcow2', containerFormat: 'bare' });
    await writer.add(image, decided({ evidence: [{ kind: text, detail: text }] }));
    await writer.end(reportOf(summaryOf([[row({ id: 'a' }), decided()]])));
    expect(sink.pieces.join('').match(/<[a-z]+/g)?.length, JSON.stringify(text)).toBe(plain);
  }
});

it('the script in the browser never makes markup of text, and never reaches for a network', () => {
  const folder = new URL('../../../src/report/html/browser/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  expect(files).toEqual(expect.arrayContaining(['main.ts', 'grid.ts', 'details.ts']));
  for (const name of files) {
    const source = readFileSync(new URL(name, folder), 'utf8');
    expect(source, name).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|setHTML|srcdoc|\beval\b|new Function|fetch\(|XMLHttpRequest|WebSocket|import\(|sendBeacon|localStorage/,
    );
  }
});
