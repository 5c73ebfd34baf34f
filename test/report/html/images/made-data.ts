import type { Decision } from '../../../../src/model/decision.ts';
import type { ImageRecord } from '../../../../src/model/image.ts';
import { createImageCollector } from '../../../../src/report/html/images/collector.ts';
import type { ImageData } from '../../../../src/report/html/images/data.ts';
import { imageData } from '../../../../src/report/html/images/dictionary.ts';
import { ambiguous, classification, decided, HEADER, notApplicable, READ, row } from '../../made-images.ts';
import { TITLES, TWO } from '../../made-services.ts';

export type Made = readonly (readonly [Partial<ImageRecord>, Decision])[];

export const REPORT = { header: { ...HEADER, ...TWO }, serviceTitles: TITLES };

/** What a page holds of these images. */
export function dataOf(images: Made): ImageData {
  const collector = createImageCollector(1_000_000);
  for (const [columns, decision] of images) collector.add(row(columns).image, decision);
  return imageData(collector.result(), REPORT);
}

export const QCOW2 = decided({ rule: 'QCOW2_BARE' });
const RAW = ambiguous({ rule: 'RAW_BARE' });
export const IMAGES: Made = [
  [{ id: 'id-3', name: 'Zebra', owner: 'tenant-b' }, QCOW2],
  [{ id: 'id-10', name: 'apple', owner: 'tenant-a' }, QCOW2],
  [{ id: 'id-2', name: null, owner: null, diskFormat: 'raw' }, RAW],
  [{ id: 'id-4', name: 'apple', owner: 'tenant-b', diskFormat: 'RAW', containerFormat: null }, RAW],
  [
    { id: 'id-5', name: 'kernel', owner: 'tenant-a', diskFormat: 'ami', containerFormat: 'ami' },
    decided({
      rule: 'AMI',
      classification: classification('filesystem', 'raw'),
      disposition: 'boot-with-kernel',
      findings: ['FS_NO_KERNEL', 'UNSAFE_CONTENT'],
      content: { ...READ, safety: ['BACKING_FILE'] },
      answered: { answer: 'all-ami', question: null, agreement: 'candidate' },
    }),
  ],
  [{ id: 'id-6', name: 'queued', diskFormat: null, containerFormat: '', status: 'queued' }, notApplicable()],
];
