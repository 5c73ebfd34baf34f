import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import type { Inspection } from '../../../src/model/inspection.ts';
import { probe } from '../../../src/probe/probe.ts';
import { createPredictor } from '../../../src/services/predict/create-predictor.ts';
import { loadServices } from '../../../src/services/table/load.ts';
import { shippedServices, type ServicesSource } from '../../../src/services/table/service-files.ts';
import { chosenSeed, randomOf } from '../../probe/fuzz/random.ts';
import { damage } from '../../probe/fuzz/damage.ts';
import { memorySource } from '../../support/images/memory-source.ts';
import { askPython } from '../../support/python-oracle.ts';
import { isLeftOut } from '../../support/servers/left-out.ts';
import { craftedImages } from './crafted-images.ts';

/**
 * The inspector of this machine's Glance beside the inspector of its release in config/services.yaml: Debian 12 has
 * Glance's own copy, later releases the library oslo.utils.
 */
const GLANCE_WANTED = !isLeftOut('glance');
if (!GLANCE_WANTED) process.stdout.write("left out as asked: the comparison with the inspector of Debian's Glance\n");

/** Reads paths, prints which inspector it is and for each path the formats as which it is found, whole and safe. */
const INSPECTOR = `
import json, logging, sys
logging.disable(logging.CRITICAL)
try:
    from glance.common import format_inspector as inspector
    kind = 'copy'
except ImportError:
    from oslo_utils.imageutils import format_inspector as inspector
    kind = 'library'

def accepted_by_copy(path):
    def passes(name):
        try:
            return inspector.get_inspector(name).from_file(path).safety_check()
        except Exception:
            return False
    return [name for name in inspector.ALL_FORMATS if passes(name)]

def accepted_by_library(path):
    with open(path, 'rb') as image:
        wrapper = inspector.InspectWrapper(image)
        try:
            while image.peek():
                wrapper.read(4096)
                if wrapper.formats:
                    break
            wrapper.close()
            found = wrapper.format
            found.safety_check()
            return [str(found)]
        except Exception:
            return []

accepted = accepted_by_copy if kind == 'copy' else accepted_by_library
print(json.dumps({'kind': kind, 'accepted': [sorted(accepted(path)) for path in json.load(sys.stdin)]}))
`;

interface Answer {
  readonly kind: 'copy' | 'library';
  readonly accepted: readonly (readonly string[])[];
}

/** Which inspector of the table that is, and a release that has it. */
const INSPECTORS = {
  copy: { name: 'copy-glance', release: '2024.1' },
  library: { name: 'oslo-utils', release: '2025.1' },
} as const;

const FORMATS = ['raw', 'qcow2', 'vhd', 'vhdx', 'vmdk', 'vdi', 'qed', 'iso', 'gpt', 'luks'];

/** Each shipped inspector under a service of its name that does nothing else than inspect. */
function inspectorsAlone(): ServicesSource {
  const shipped = shippedServices();
  const { text } = shipped;
  const inspectors = text.slice(0, text.indexOf('\nservices:'));
  const names = [...inspectors.slice(inspectors.indexOf('\ninspectors:')).matchAll(/^ {2}([a-z-]+):$/gmu)];
  const services = names.map(
    ([, name]) => `
  ${name}:
    title: an inspector alone
    source: this test
    inspector: ${name}
    steps:
      - { step: word, refuses: { inspectable: false }, why: no inspector }
      - { step: formats, inspects: formats }
      - { step: complete, inspects: complete }
      - { step: safety, inspects: safety }
      - { step: comparison, refuses: { not: { detected: $word } }, why: another format }
`,
  );
  return {
    ...shipped,
    text: `${inspectors}\nservices:${services.join('')}\nremedies: { words: [], conversions: [] }\n`,
  };
}

/** Which of the formats an image passes as, according to the table; `open` where the bytes do not tell. */
interface Predicted {
  readonly accepted: readonly string[];
  readonly open: readonly string[];
}

function predictorOf({ name, release }: (typeof INSPECTORS)[Answer['kind']]): (inspection: Inspection) => Predicted {
  const table = loadServices(inspectorsAlone());
  const predict = createPredictor(table, { release, before: null, novaBackend: table.backends[0]?.name ?? '' });
  return (inspection) => {
    const verdicts = FORMATS.map((diskFormat) => {
      const row = { diskFormat, containerFormat: 'bare', use: 'root', payload: 'bytes' } as const;
      return { diskFormat, kind: predict(row, inspection).find(({ service }) => service === name)?.verdict.kind };
    });
    return {
      accepted: verdicts.flatMap(({ diskFormat, kind }) => (kind === 'accepted' ? [diskFormat] : [])),
      open: verdicts.flatMap(({ diskFormat, kind }) => (kind === 'accepted' || kind === 'refused' ? [] : [diskFormat])),
    };
  };
}

/** @returns the names of the images on some of whose formats the bytes do not tell. */
async function compare(images: ReadonlyMap<string, Uint8Array>): Promise<readonly string[]> {
  const directory = mkdtempSync(join(inject('temporaryDirectory'), 'inspector-'));
  const paths = [...images.values()].map((bytes, index) => {
    const file = join(directory, String(index));
    writeFileSync(file, bytes);
    return file;
  });
  const answer = askPython(INSPECTOR, paths, 'python3-glance') as Answer;
  rmSync(directory, { recursive: true });
  const predict = predictorOf(INSPECTORS[answer.kind]);
  const differences: Record<string, unknown> = {};
  const open: string[] = [];
  for (const [index, [name, bytes]] of [...images].entries()) {
    const ours = predict((await probe(memorySource(bytes))).inspection);
    const theirs = answer.accepted[index] ?? [];
    if (ours.open.length > 0) open.push(name);
    const told = theirs.filter((format) => !ours.open.includes(format));
    if (ours.accepted.toSorted().join() !== told.toSorted().join()) differences[name] = { ours, theirs };
  }
  expect(differences).toEqual({});
  return open;
}

describe.runIf(GLANCE_WANTED)("the inspector of Debian's Glance", () => {
  it('finds what is predicted in the crafted images', async () => {
    // A metadata region that begins before the table that names it: what is read of it depends on the steps of reading.
    expect(await compare(craftedImages())).toEqual(['vhdx-metadata-before-table']);
  }, 300_000);

  const seed = chosenSeed();
  it(`finds what is predicted in damaged images (seed ${seed})`, async () => {
    const random = randomOf(seed);
    const samples = [...craftedImages()]
      .filter(([, bytes]) => bytes.length > 0 && bytes.length < 500_000)
      .map(([name, bytes]) => ({ name, bytes: new Uint8Array(bytes) }));
    const images = new Map<string, Uint8Array>();
    for (let count = 0; count < 300; count += 1) {
      const damaged = damage(random, samples);
      images.set(`${count}: ${damaged.what}`, new Uint8Array(damaged.bytes));
      damaged.restore();
    }
    expect((await compare(images)).length).toBeLessThan(10);
  }, 300_000);
});
