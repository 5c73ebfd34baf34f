import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Inspection } from '../../../src/model/inspection.ts';
import type { ServicePrediction, ServiceVerdict } from '../../../src/model/service-prediction.ts';
import { probe } from '../../../src/probe/probe.ts';
import { createPredictor } from '../../../src/services/predict/create-predictor.ts';
import { loadServices } from '../../../src/services/table/load.ts';
import { shippedServices } from '../../../src/services/table/service-files.ts';
import { memorySource } from '../../support/images/memory-source.ts';
import { craftedImages, WORDS } from './crafted-images.ts';
import { RECORDED_SERVICES, readCells, readRecording, type RecordedService } from './recorded-verdicts.ts';

/**
 * The verdicts of the real programs on the crafted images, recorded once (recorded/README.md), beside the predictions: the
 * same, or unknown where the bytes do not tell. Never is an image predicted to be accepted that the program refused.
 */

const table = loadServices(shippedServices());
const images = craftedImages();
const inspections = new Map<string, Inspection>();

beforeAll(async () => {
  // Many images are one to the services, and their predictions need to be made once only.
  const alike = new Map<string, Inspection>();
  for (const [name, bytes] of images) {
    const { inspection } = await probe(memorySource(bytes));
    const key = JSON.stringify(inspection);
    alike.set(key, alike.get(key) ?? inspection);
    inspections.set(name, alike.get(key) ?? inspection);
  }
}, 300_000);

const predictions = new Map<string, (inspection: Inspection, word: string) => readonly ServicePrediction[]>();

/** What all services of a release do; asked once for what is the same. */
function predictionsOf(release: string, novaBackend: string) {
  const key = `${release} ${novaBackend}`;
  const known = predictions.get(key);
  if (known !== undefined) return known;
  const predict = createPredictor(table, { release, before: null, novaBackend });
  const made = new Map<Inspection, Map<string, readonly ServicePrediction[]>>();
  const ask = (inspection: Inspection, word: string): readonly ServicePrediction[] => {
    const byWord = made.get(inspection) ?? new Map<string, readonly ServicePrediction[]>();
    made.set(inspection, byWord);
    const row = { diskFormat: word, containerFormat: 'bare', use: 'root', payload: 'bytes' } as const;
    const answer = byWord.get(word) ?? predict(row, inspection);
    byWord.set(word, answer);
    return answer;
  };
  predictions.set(key, ask);
  return ask;
}

interface Outcome {
  /** Image and word. */
  readonly falselyAccepted: readonly string[];
  /** Image, word, and the step that is said to refuse it. */
  readonly falselyRefused: readonly string[];
  /** How many verdicts are unknown, and of which images. */
  readonly unknown: number;
  readonly open: ReadonlySet<string>;
}

interface Asked {
  readonly service: string;
  readonly release: string;
  readonly backend: string;
}

function verdictOf({ service, release, backend }: Asked, image: string, word: string): ServiceVerdict {
  const inspection = inspections.get(image);
  if (inspection === undefined) throw new Error(`no image ${image}`);
  const found = predictionsOf(release, backend)(inspection, word).find((prediction) => prediction.service === service);
  if (found === undefined) throw new Error(`no prediction for ${service}`);
  return found.verdict;
}

function compare({ file, service, backend }: RecordedService, release: string): Outcome {
  const falselyAccepted: string[] = [];
  const falselyRefused: string[] = [];
  const open = new Set<string>();
  let unknown = 0;
  for (const [image, accepted] of readRecording(file).get(release) ?? []) {
    for (const word of WORDS) {
      const verdict = verdictOf({ service, release, backend }, image, word);
      if (verdict.kind === 'unknown') {
        unknown += 1;
        open.add(image);
      } else if (verdict.kind === 'accepted' && !accepted.has(word)) falselyAccepted.push(`${image} as ${word}`);
      else if (verdict.kind === 'refused' && accepted.has(word)) {
        falselyRefused.push(`${image} as ${word}: ${verdict.step}, ${verdict.why}`);
      }
    }
  }
  return { falselyAccepted, falselyRefused, unknown, open };
}

/** The images whose bytes do not tell, or tell more than the probe reads, and why. Every other verdict is definite. */
const OPEN: Readonly<Record<string, readonly string[]>> = {
  'what Glance sees of a long text depends on how much its store reads at once': [
    'page',
    'page-and-iso',
    'page-escape-after-512',
    'page-separator-1c',
    'page-separator-1f',
    'page-utf8-at-4096',
    'page-vertical-tab',
    'script-with-payload-far',
    'text-createtype-at-3000',
    'text-createtype-at-5000',
    'text-createtype-over-4096',
    'text-of-nothing-but-blanks',
  ],
  'so does what it sees of a VHDX whose metadata table is broken, or begins before the table that names it': [
    'vhdx-metadata-before-table',
    'vhdx-metadata-signature',
  ],
  'the tags of Glance 30 and 31 refuse an ISO with a partition table, later commits of their branches take it': [
    'iso-hybrid',
    'iso-hybrid-empty',
    'iso-hybrid-gpt',
    'iso-hybrid-odd',
    'remains-on-mbr',
    'remains-on-ntfs',
  ],
  'the tables of the container are cut off or broken, and the disk inside was not read': [
    'qcow2-cut-at-104',
    'qcow2-cut-at-511',
    'qcow2-cut-at-512',
    'qed-cut-at-511',
    'vdi-cut-at-511',
    'vdi-cut-at-512',
    'vhd-signature-in-511',
    'vhd-signature-in-8',
    'vhdx-cut-before-size',
    'vhdx-cut-behind-header',
    'vhdx-cut-behind-size',
    'vhdx-cut-in-header',
    'vhdx-cut-in-metadata',
    'vhdx-header-broken',
    'vhdx-metadata-past-end',
    'vhdx-signature-alone',
    'vhdx-signature-in-8',
    'vmdk-footer-points-to-footer',
    'vmdk-version-0',
  ],
  'Cinder lets qemu-img convert a format that the prober does not open, or that names other files': [
    'bochs',
    'cloop',
    'cloop-utf8',
    'parallels',
    'parallels-boot-signature',
    'parallels-ext',
    'vdi-differencing',
    'vmdk-cowd',
    'vmdk-cowd-boot-signature',
    'vmdk-cowd-signature-alone',
    'vmdk-footer-cut',
    'vmdk-text-version-1',
  ],
  'two signatures, of which qemu-img takes the one that its build tries first': ['luks1-and-vdi', 'vhd-and-vdi'],
  'Ironic unpacks it before it looks at it, which was not recorded': ['zstd'],
  'Ironic of 2024 inspects what a container inside a container holds': ['qcow2-of-vhdx', 'qcow2-of-vmdk'],
};
const listed = Object.values(OPEN).flat().toSorted();

it('covers every crafted image as it was when the programs saw it', () => {
  for (const { file } of RECORDED_SERVICES) {
    for (const [release, recorded] of readRecording(file)) {
      expect([...recorded.keys()].toSorted(), `${file} ${release}`).toEqual([...images.keys()].toSorted());
    }
  }
  const digest = createHash('sha256');
  for (const [name, bytes] of images) {
    // What deflate makes of a grain depends on the version of zlib.
    if (!/^vmdk-(?:stream|footer)/u.test(name)) digest.update(name).update(bytes);
  }
  expect(digest.digest('hex')).toBe('71be22d072f43963e2017341ae4fda821fe3a49f6b007290a23bd2c1b77a690d');
});

describe.each(RECORDED_SERVICES)('$file', (recorded) => {
  it.each([...readRecording(recorded.file).keys()])(
    'of %s is predicted',
    (release) => {
      const { falselyAccepted, falselyRefused, open } = compare(recorded, release);
      expect({ falselyAccepted, falselyRefused }).toEqual({ falselyAccepted: [], falselyRefused: [] });
      for (const image of open) expect(listed, image).toContain(image);
    },
    120_000,
  );
});

it('leaves open what is listed as open, and no more than one verdict in a hundred', () => {
  const all = RECORDED_SERVICES.flatMap((recorded) =>
    [...readRecording(recorded.file).keys()].map((release) => compare(recorded, release)),
  );
  expect([...new Set(all.flatMap(({ open }) => [...open]))].toSorted()).toEqual(listed);
  const verdicts = all.length * images.size * WORDS.length;
  expect(all.reduce((sum, { unknown }) => sum + unknown, 0)).toBeLessThan(verdicts / 100);
}, 300_000);

describe('the check that fails', () => {
  it.each([...readCells('inspector').keys()])('has its own name in Nova of %s', (release) => {
    const nova = { service: 'nova', release, backend: 'qcow2' };
    const wrong: string[] = [];
    for (const [image, found] of readCells('inspector').get(release) ?? []) {
      const [format = '', checks = ''] = found.split(' ');
      if (format === 'several' || format === 'crash' || checks === 'safe') continue;
      const verdict = verdictOf(nova, image, format);
      const check = verdict.kind === 'refused' ? verdict.check : verdict.kind;
      if (verdict.kind === 'unknown' && listed.includes(image)) continue;
      const expected = checks === 'incomplete' ? ['complete'] : checks.split(',');
      // A word without an inspector is refused before the bytes are looked at.
      if (!expected.includes(check) && check !== 'word') wrong.push(`${image}: ${check}, not ${checks}`);
    }
    expect(wrong).toEqual([]);
  });
});
