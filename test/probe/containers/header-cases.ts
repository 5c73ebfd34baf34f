import { expect, it } from 'vitest';
import type { SafetyCode } from '../../../src/model/safety.ts';
import type { ContainerFormat } from '../../../src/probe/containers/format/opening.ts';
import { Unreadable } from '../../../src/probe/reading/reading.ts';
import { patch, type Patchable } from './bytes.ts';
import { openBytes } from './image-file.ts';

/** A header field changed in a sound image, and what must be said of it. */
export interface Case {
  readonly name: string;
  readonly change: (image: Patchable) => Patchable;
  readonly safety: readonly SafetyCode[];
  /** Why the guest is closed; or that reading fails, or that it is read although something is wrong. */
  readonly guest: { readonly closed: string } | 'unreadable' | 'read' | 'stale';
}

export const MALFORMED = { safety: ['MALFORMED_HEADER'], guest: { closed: 'malformed header' } } as const;
export const OUTSIDE = { safety: ['TABLE_OUT_OF_BOUNDS'], guest: { closed: 'malformed header' } } as const;
export const OVERSIZED = { closed: 'malformed header' } as const;
export const FAR = 2n ** 63n;
export const CLUSTER = 65_536;

export function field(
  name: string,
  change: (image: Patchable) => Patchable,
  expected: Pick<Case, 'safety' | 'guest'>,
): Case {
  return { name, change, ...expected };
}

export function itJudges(format: ContainerFormat, sound: Buffer, cases: readonly Case[]): void {
  it('is sound before it is changed', async () => {
    const { container, guest } = await openBytes(format, sound, 0, 512);
    expect(container.safety).toEqual([]);
    expect(container.guest).toMatchObject({ kind: 'mapped', tables: 'sound' });
    expect(guest).toEqual(new Uint8Array(512).fill(0x11));
  });

  it.each(cases)('$name', async ({ change, safety, guest: expected }) => {
    const { container, guest } = await openBytes(format, change(patch(sound)).bytes);
    expect(container.safety).toEqual(safety);
    expect(container.evidence.length).toBeGreaterThanOrEqual(safety.length === 0 ? 0 : 1);
    if (expected === 'read' || expected === 'stale') {
      expect(container.guest).toMatchObject({ kind: 'mapped', tables: expected === 'stale' ? 'stale' : 'sound' });
      expect(guest).toBeInstanceOf(Uint8Array);
    } else if (expected === 'unreadable') {
      expect(guest).toBeInstanceOf(Unreadable);
    } else {
      expect(container.guest).toEqual({ kind: 'closed', why: expected.closed });
    }
  });
}

export function backing(image: Patchable, name: string): Patchable {
  return image.be64(8, 512).be32(16, name.length).text(512, name);
}

export function extension(image: Patchable, type: number, data: string, length = data.length): Patchable {
  return image.be32(104, type).be32(108, length).text(112, data);
}

export const REMOTE_NAMES = ['json:{"driver":"file"}', 'nbd://a.example/x', 'file:x', 'http:', '://'] as const;
