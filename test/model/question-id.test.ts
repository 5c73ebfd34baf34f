import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/model/decision.ts';
import { questionId } from '../../src/model/question-id.ts';
import { ambiguous, classification, decided, NASTY, notApplicable, READ, unmappable } from '../report/made-images.ts';

const DISK = classification('disk', 'raw');
const FILESYSTEM = classification('filesystem', 'raw');
const KERNEL = classification('kernel', 'raw');

function idOf(diskFormat: string | null, containerFormat: string | null, decision: Decision): string | null {
  return questionId({ diskFormat, containerFormat }, decision);
}

describe('the id of a question', () => {
  // Answers files name questions by these: if they change, every answered file is worthless.
  it.each([
    ['raw', 'bare', ambiguous({ rule: 'RAW' }), 'raw-bare-34716cc2'],
    ['raw', null, ambiguous({ rule: 'RAW' }), 'raw-null-b28cee0c'],
    ['vpc', 'bare', unmappable({ rule: 'WORD' }), 'vpc-bare-481b8ee0'],
    [
      'root-tar',
      'bare',
      unmappable({ rule: 'ROOT-TAR', imageType: 'other', envelope: 'tgz' }),
      'root-tar-bare-259fca19',
    ],
    ['qcow2', 'ova', ambiguous({ candidates: [classification('disk', 'qcow2', 'ova'), DISK] }), 'qcow2-ova-2af38f69'],
    ['日本語', '<script>alert(1)</script>', unmappable(), 'odd-script-alert-1-s-460e0c72'],
  ] as const)('of %s/%s stays what it is: %#', (disk, container, decision, id) => {
    expect(idOf(disk, container, decision)).toBe(id);
  });

  it('is null where nothing is asked', () => {
    expect(idOf('raw', 'bare', decided())).toBeNull();
    expect(idOf('raw', 'bare', notApplicable())).toBeNull();
  });

  it('is made of letters, digits and dashes, whatever the words hold', () => {
    for (const text of NASTY) expect(idOf(text, text, unmappable({ rule: text }))).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('depends on the folded tuple, status, rule, set of candidates and the likeliest of them, and on nothing else', () => {
    const id = (decision: Decision, disk = 'raw') => idOf(disk, 'bare', decision);
    const first = id(ambiguous({ candidates: [DISK, FILESYSTEM, KERNEL] }));
    expect(id(ambiguous({ candidates: [DISK, KERNEL, FILESYSTEM] }))).toBe(first);
    expect(
      id(
        ambiguous({
          candidates: [DISK, KERNEL, FILESYSTEM],
          reason: 'another',
          findings: ['FS_NO_KERNEL'],
          evidence: [{ kind: 'name', detail: 'x' }],
          novaToday: 'refuse',
          services: [],
          content: READ,
        }),
        ' RAW ',
      ),
    ).toBe(first);
    const others = [
      id(ambiguous({ candidates: [FILESYSTEM, DISK, KERNEL] })),
      id(ambiguous({ candidates: [DISK, FILESYSTEM] })),
      id(ambiguous({ candidates: [DISK, FILESYSTEM, KERNEL], rule: 'OTHER' })),
      id(ambiguous({ candidates: [DISK, FILESYSTEM, KERNEL] }), 'img'),
      id(unmappable()),
      id(unmappable({ imageType: 'other' })),
      id(unmappable({ envelope: 'tgz' })),
    ];
    expect(new Set([first, ...others]).size).toBe(others.length + 1);
  });

  it('is not remembered for another spelling that shares the decision', () => {
    const shared = ambiguous();
    expect(idOf('raw', 'bare', shared)).not.toBe(idOf('img', 'bare', shared));
    expect(idOf('raw', null, shared)).toBe(idOf('raw', ' ', shared));
  });
});
