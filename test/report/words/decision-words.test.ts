import { expect, it } from 'vitest';
import type { Decision } from '../../../src/model/decision.ts';
import { candidatesText, resolutionText } from '../../../src/report/words/decision-words.ts';
import { ambiguous, classification, READ, row, summaryOf, unmappable } from '../made-images.ts';

it('candidates are named best first, and what they share once', () => {
  expect(candidatesText([classification('disk', 'raw'), classification('filesystem', 'raw')])).toBe(
    'disk/raw or filesystem/raw',
  );
  expect(
    candidatesText(['kernel', 'ramdisk', 'other'].map((type) => classification(type as 'kernel', 'raw', 'ova'))),
  ).toBe('(kernel, ramdisk or other)/raw in ova');
  expect(
    candidatesText([
      classification('disk', 'raw'),
      classification('disk', 'qcow2'),
      classification('other', 'raw', 'tgz'),
    ]),
  ).toBe('disk/raw, disk/qcow2 or other/raw in tgz');
});

function advice(diskFormat: string | null, decision: Decision): string {
  const [group] = summaryOf([[row({ diskFormat }), decision]]).undecided;
  return group === undefined ? 'no group' : resolutionText(group);
}

it('each kind of question names the evidence that it lacks', () => {
  expect([
    advice('raw', ambiguous({ content: READ })),
    advice('raw', ambiguous()),
    advice('raw', ambiguous({ candidates: [classification('kernel', 'raw'), classification('disk', 'raw')] })),
    advice('luks', ambiguous({ candidates: [classification('disk', 'luks'), classification('filesystem', 'luks')] })),
    advice('ova', ambiguous({ candidates: [classification('other', 'raw'), classification('disk', 'vmdk')] })),
    advice(' VPC', unmappable()),
    advice(null, unmappable()),
  ]).toEqual([
    'a live kernel_id on those that are filesystems; or your answer to this question',
    'plan --probe undecided --store-path DIR; or a live kernel_id on those that are filesystems; or your answer to this question',
    'plan --probe undecided --store-path DIR; or images that name them as kernel_id or ramdisk_id for those that are kernels or ramdisks; or your answer to this question',
    'your answer to this question; the content is encrypted, so only its maker knows',
    'plan --probe undecided --store-path DIR; or your answer to this question',
    'plan --probe undecided --store-path DIR; or your answer to this question, or an alias in a rules file that says what vpc is',
    'plan --probe undecided --store-path DIR; or your answer to this question, once you know what these images hold',
  ]);
});
