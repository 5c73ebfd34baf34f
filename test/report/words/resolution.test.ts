import { expect, it } from 'vitest';
import type { Decision } from '../../../src/model/decision.ts';
import { resolutionText } from '../../../src/report/words/resolution.ts';
import { ambiguous, READ, row, summaryOf, classification, unmappable } from '../made-images.ts';

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
