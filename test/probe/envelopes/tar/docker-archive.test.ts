import { describe, expect, it } from 'vitest';
import { isDockerArchive } from '../../../../src/probe/envelopes/tar/docker-archive.ts';
import { walkTar } from '../../../../src/probe/envelopes/tar/walk.ts';
import { perform } from '../../../../src/probe/perform/perform.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import type { Reading } from '../../../../src/probe/reading/reading.ts';
import { memorySource } from '../../../support/images/memory-source.ts';
import { tarOf, type MadeMember } from '../support/tar.ts';

async function isImage(...members: readonly MadeMember[]): Promise<boolean> {
  const bytes = tarOf(...members);
  const reading = function* (): Reading<boolean> {
    const walked = yield* walkTar({ head: fieldsOf(bytes), size: bytes.length });
    return yield* isDockerArchive(walked.members);
  };
  return perform(reading(), memorySource(bytes));
}

const HEX = '0123456789abcdef'.repeat(4);

describe('an image of a container', () => {
  it('has a manifest with layers', async () => {
    expect(await isImage({ name: 'manifest.json', data: '[{"Layers":["layer.tar"]}]' })).toBe(true);
    for (const data of ['[{"Layers":[]}]', '[{"Layers":[5]}]', '{"Layers":["x"]}', '[null]', '[{', '']) {
      expect(await isImage({ name: 'manifest.json', data }), data).toBe(false);
    }
    expect(await isImage({ name: 'x/manifest.json', data: '[{"Layers":["layer.tar"]}]' })).toBe(false);
  });
  it('has a layout of the OCI, with its version or an index', async () => {
    expect(await isImage({ name: 'oci-layout', data: '{"imageLayoutVersion":"1.0.0"}' })).toBe(true);
    expect(await isImage({ name: 'oci-layout', data: '{}' })).toBe(false);
    expect(await isImage({ name: 'oci-layout', data: '{}' }, { name: 'index.json', data: '{}' })).toBe(true);
  });
  it('has the config and a layer of kaniko', async () => {
    expect(await isImage({ name: `sha256:${HEX}`, data: '{}' }, { name: `${HEX}.tar.gz`, data: 'x' })).toBe(true);
    expect(await isImage({ name: `sha256:${HEX}`, data: '{}' })).toBe(false);
    expect(await isImage({ name: `${HEX}.tar.gz`, data: 'x' })).toBe(false);
  });
  it('is not known by the directories of a root file system', async () => {
    expect(await isImage({ name: 'etc/', type: '5' }, { name: 'usr/', type: '5' })).toBe(false);
  });
  it('has no manifest that is longer than any', async () => {
    const data = `[{"Layers":["layer.tar"]}]${' '.repeat(256 * 1024)}`;
    expect(await isImage({ name: 'manifest.json', data })).toBe(false);
  });
});
