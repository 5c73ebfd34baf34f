import { expect, it } from 'vitest';

import { probeRow, probeTitle } from '../../../src/report/terminal/probe-row.ts';
import { typed, untyped } from '../../rules/evidence-builder.ts';

const PLAIN = { width: 80, colour: 'plain' } as const;

it('rows stand under their titles, wide enough for every word', () => {
  const { content } = typed('filesystem', 'qcow2', 'certain', { envelope: 'xenserver-tgz' });
  const [title, row] = [probeTitle(PLAIN), probeRow('a.img', content, 'summary', PLAIN)];
  expect(row).toMatch(/^filesystem {2}qcow2 +xenserver-tgz {2}certain +a\.img$/);
  for (const [word, under] of [
    ['type', 'filesystem'],
    ['container', 'qcow2'],
    ['envelope', 'xenserver'],
    ['confidence', 'certain'],
    ['source', 'a.img'],
  ] as const) {
    expect(row.indexOf(under)).toBe(title.indexOf(word));
  }
});

it('dangers, and with the evidence what was seen and what it cost', () => {
  const { content } = typed('disk', 'qcow2', 'certain', { safety: ['BACKING_FILE'] });
  expect(probeRow('x', content, 'evidence', PLAIN).split('\n').slice(1)).toEqual([
    '    BACKING_FILE: the image names a backing file',
    '    at 510: guest: MBR, 1 partition',
    '    read: 524288 bytes in 1 request',
  ]);
});

it('says why there is no type, or why nothing was read; names are harmless', () => {
  expect(probeRow('x', untyped(null, 'all zeros').content, 'summary', PLAIN)).toMatch(
    /^- +- +- +undetermined +x\n {4}all zeros$/,
  );
  expect(probeRow('a\u001b', { kind: 'unread', why: 'gone\n' }, 'summary', PLAIN)).toMatch(
    /a\\x1b\n {4}not read: gone\\x0a$/,
  );
});
