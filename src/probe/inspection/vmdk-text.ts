import type { LayerFacts } from '../../model/inspection.ts';
import { latin1 } from '../reading/fields.ts';
import { createTypeOf, isSpace } from './text.ts';

type DescriptorFault = NonNullable<LayerFacts['vmdk-descriptor']>;

const ACCESS: readonly string[] = ['rw', 'rdonly', 'noaccess'];

/** The first fault of a descriptor, line by line, and its createType apart from that. */
function descriptorFault(bytes: Uint8Array): DescriptorFault {
  if (bytes.some((byte) => byte >= 0x80)) return 'not-text';
  const extents: string[] = [];
  for (const whole of latin1(bytes).toLowerCase().split('\n')) {
    const line = stripped(whole);
    if (line === '' || line.startsWith('#') || line.startsWith('ddb')) continue;
    const equals = line.indexOf('=');
    if (equals >= 0 && !line.slice(0, equals).includes(' ')) continue;
    if (!ACCESS.includes(line.split(' ', 1)[0] ?? '')) return 'line';
    extents.push(line);
  }
  if (extents.some((line) => line.includes('/'))) return 'path';
  return extents.length === 0 ? 'no-extent' : 'sound';
}

/** Without the white space at both ends; by hand, because a regular expression takes quadratic time at the end. */
function stripped(line: string): string {
  let [start, end] = [0, line.length];
  while (start < end && isSpace(line.charCodeAt(start))) start += 1;
  while (end > start && isSpace(line.charCodeAt(end - 1))) end -= 1;
  return line.slice(start, end);
}

type DescriptorFacts = Pick<LayerFacts, 'vmdk-descriptor' | 'vmdk-descriptor-all' | 'vmdk-create-type'>;

/**
 * Facts of a whole descriptor (oslo.utils, format_inspector.py, VMDKInspector). Newer inspectors end the text at its
 * first NUL, older ones only take the NULs at its end off.
 */
export function descriptorFacts(bytes: Uint8Array): DescriptorFacts {
  const nul = bytes.indexOf(0);
  const text = nul < 0 ? bytes : bytes.subarray(0, nul);
  const fault = descriptorFault(text);
  const type = fault === 'not-text' ? null : createTypeOf(latin1(text).toLowerCase());
  return {
    'vmdk-descriptor': fault,
    'vmdk-descriptor-all': descriptorFault(bytes.subarray(0, lengthWithoutPadding(bytes))),
    'vmdk-create-type': wordOf(type),
  };
}

function lengthWithoutPadding(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return end;
}

function wordOf(type: string | null): NonNullable<LayerFacts['vmdk-create-type']> {
  if (type === null) return 'none';
  if (type === 'monolithicsparse') return 'monolithicSparse';
  return type === 'streamoptimized' ? 'streamOptimized' : 'other';
}
