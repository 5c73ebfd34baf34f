import { expect, it } from 'vitest';
import type { Decision } from '../../../src/model/decision.ts';
import { resolutionText } from '../../../src/report/terminal/resolution.ts';
import { ambiguous, READ, row, summaryOf, typing, unmappable } from '../made-images.ts';

function advice(diskFormat: string | null, decision: Decision): string {
  const [group] = summaryOf([[row({ diskFormat }), decision]]).undecided;
  return group === undefined ? 'no group' : resolutionText(group);
}

it('each kind of question names the evidence that it lacks', () => {
  expect([
    advice('raw', ambiguous({ content: READ })),
    advice('raw', ambiguous()),
    advice('raw', ambiguous({ candidates: [typing('kernel', 'raw'), typing('disk', 'raw')] })),
    advice('luks', ambiguous({ candidates: [typing('disk', 'luks'), typing('filesystem', 'luks')] })),
    advice('ova', ambiguous({ candidates: [typing('other', 'raw'), typing('disk', 'vmdk')] })),
    advice(' VPC', unmappable()),
    advice(null, unmappable()),
  ]).toEqual([
    'a live kernel_id on those that are filesystems; or a row of your own for this tuple in a rules file',
    'plan --probe undecided --store-path DIR; or a live kernel_id on those that are filesystems; or a row of your own for this tuple in a rules file',
    'plan --probe undecided --store-path DIR; or images that name them as kernel_id or ramdisk_id for those that are kernels or ramdisks; or a row of your own for this tuple in a rules file',
    'a row of your own for this tuple in a rules file; the content is encrypted, so only its maker knows',
    'plan --probe undecided --store-path DIR; or a row of your own for this tuple in a rules file',
    'plan --probe undecided --store-path DIR; or an alias or a row of your own in a rules file that says what vpc is',
    'plan --probe undecided --store-path DIR; or a row of your own for this tuple in a rules file, once you know what these images hold',
  ]);
});
