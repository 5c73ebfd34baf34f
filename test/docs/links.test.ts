import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Documents that people read: those at the top, those of docs, and the one of each folder of src. */
const DOCUMENTS = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md'),
  ...readdirSync(join(ROOT, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
  ...readdirSync(join(ROOT, 'src'), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [`src/${entry.name}/README.md`] : [],
  ),
];

describe.each(DOCUMENTS)('%s', (document) => {
  const text = readFileSync(join(ROOT, document), 'utf8');

  it('links to files that are there', () => {
    const targets = Array.from(text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/gu), ([, target = '']) => target);
    expect(targets.filter((target) => !existsSync(join(ROOT, dirname(document), target)))).toEqual([]);
  });

  it('names files and folders of the project that are there', () => {
    const named = Array.from(
      text.matchAll(/`((?:src|test|scripts|config|docs)\/[\w./-]+)`/gu),
      ([, path = '']) => path,
    );
    expect(named.filter((path) => !path.includes('NAME') && !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('the documents', () => {
  it('keep to their length: README 150 lines, ARCHITECTURE 120, the README of a folder one screen', () => {
    const lines = (document: string): number => readFileSync(join(ROOT, document), 'utf8').trimEnd().split('\n').length;
    expect(lines('README.md')).toBeLessThanOrEqual(150);
    expect(lines('ARCHITECTURE.md')).toBeLessThanOrEqual(120);
    const long = DOCUMENTS.filter((document) => document.startsWith('src/') && lines(document) > 45);
    expect(long).toEqual([]);
  });
});
