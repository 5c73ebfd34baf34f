import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { stagesOf } from '../../../scripts/dockerfile/stages.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;

describe('stagesOf', () => {
  it('reads stages, joins lines, fills arguments in and leaves comments out', () => {
    const stages = stagesOf(
      'ARG BASE=debian:x\n# a comment\nFROM ${BASE} AS one\nRUN a \\\n  && b\n\nFROM ${BASE}\n# another\nCOPY --from=one /a /b\nCMD ["--help"]\n',
    );
    expect(stages).toEqual([
      { name: 'one', base: 'debian:x', instructions: [{ name: 'RUN', words: 'a && b' }] },
      {
        name: null,
        base: 'debian:x',
        instructions: [
          { name: 'COPY', words: '--from=one /a /b' },
          { name: 'CMD', words: '["--help"]' },
        ],
      },
    ]);
  });

  it('refuses an instruction before the first stage', () => {
    expect(() => stagesOf('RUN true\nFROM debian')).toThrow('RUN stands before the first FROM');
  });
});

describe('the Dockerfile', () => {
  const stages = stagesOf(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'));
  const [build, image] = stages;
  const words = (stage: typeof build, name: string): readonly string[] =>
    (stage?.instructions ?? []).filter((one) => one.name === name).map((one) => one.words);

  it('builds in one stage of Debian slim and ships another, to which no compiler comes', () => {
    expect(stages.map(({ name, base }) => [name, base])).toEqual([
      ['build', 'debian:trixie-slim'],
      [null, 'debian:trixie-slim'],
    ]);
    const compilers = /\b(?:gcc|g\+\+|clang|make|python3|build-essential|npm)\b/u;
    expect(words(build, 'RUN').join('\n')).toMatch(compilers);
    expect(words(image, 'RUN').join('\n')).not.toMatch(compilers);
    expect(words(image, 'COPY')).toEqual(['--from=build /build/dist-bundle /opt/glance-retype']);
  });

  it('runs as a user that is not root, named by number so that Kubernetes can tell', () => {
    expect(words(image, 'USER')).toEqual(['10001']);
  });

  it('copies files that exist, and leaves out what a clone does not hold', () => {
    const sources = words(build, 'COPY').flatMap((line) => line.split(' ').slice(0, -1));
    expect(sources.filter((source) => !existsSync(join(ROOT, source)))).toEqual([]);
    const ignored = (file: string): readonly string[] =>
      readFileSync(join(ROOT, file), 'utf8')
        .split('\n')
        .map((line) => line.replace(/\/$/u, ''));
    const built = ignored('.gitignore').filter((name) => name !== '' && !name.includes('*'));
    expect(ignored('.dockerignore')).toEqual(expect.arrayContaining([...built, '.git']));
  });

  it('asks npm for scripts that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const asked = Array.from(
      words(build, 'RUN')
        .join('\n')
        .matchAll(/npm run (\S+)/gu),
      ([, name]) => name,
    );
    expect(asked).toEqual(['bundle']);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(asked));
  });
});
