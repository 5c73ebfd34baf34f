import { latin1 } from '../../reading/fields.ts';

/** What a descriptor says. Names are not kept, only their kind. */
export interface VmdkDescriptor {
  /** In lower case, without quotes; more than one where the text contradicts itself. */
  readonly createTypes: readonly string[];
  readonly extents: readonly VmdkExtent[];
  /** A parent's content id, or the name of its file, is given. */
  readonly hasParent: boolean;
  readonly namesParent: boolean;
  /** The parent's or an extent's name is an address or a json: description. */
  readonly namesAddress: boolean;
  /** A file that tracks changes is named. */
  readonly namesTracking: boolean;
  /** Number of lines that are no comment, setting or extent; a text of more than `MOST_LINES` lines adds one. */
  readonly strangeLines: number;
}

interface VmdkExtent {
  /** FLAT, SPARSE, VMFS and so on, in lower case. */
  readonly kind: string;
  readonly sectors: bigint;
  /** The name leaves the directory: a slash, a backslash, two dots. */
  readonly leadsOut: boolean;
}

/** No descriptor is longer (QEMU block/vmdk.c, vmdk_read_desc). */
export const LONGEST_DESCRIPTOR = 1024 * 1024 - 1;

const MOST_LINES = 4096;
/** Only this much of a line is read. */
export const LONGEST_LINE = 4096;

/**
 * Where an extent begins by the rules of sscanf: the first word of a line, blanks, a number with or without a sign. The
 * beginning of the line is tested last, so that blanks are scanned once.
 */
export const EXTENT_START =
  /(?:rw|rdonly|noaccess)(?<=(?:^|\n)[ \t\v\f\r]*(?:rw|rdonly|noaccess))[ \t\v\f\r\n]+[+-]?\d/i;

const EXTENT = /^(?:rw|rdonly|noaccess)\s+([+-]?\d{1,400})(?!\d)\s*(\w+)(?:\s*"([^"]*)"?)?/;
/** The same with line ends as blanks, which sscanf skips too. */
const SPLIT_EXTENT =
  /(?:rw|rdonly|noaccess)(?<=(?:^|\n)[ \t\v\f\r]*(?:rw|rdonly|noaccess))\s+([+-]?\d{1,400})(?!\d)\s*(\w+)(?:\s*"([^"\n]*))?/g;
/** The name as QEMU reads it: behind any two characters, up to a quote (block/vmdk.c, vmdk_parent_open). */
const PARENT_NAME = /parentfilenamehint[^]{2}([^"]{0,1024})/g;
const SETTING = /^([\w.]+)\s*=\s*"?([^"]*)/;
/** A single letter is a Windows drive. */
const ADDRESS = /^[a-z][a-z0-9+.-]+:/;
const NO_PARENT = 'ffffffff';

/**
 * Reads a descriptor; its words are not case-sensitive (VMware, "Virtual Disk Format 5.0", "The Descriptor File"). NULs
 * end lines: some programs stop at a NUL, others skip it.
 */
export function parseDescriptor(bytes: Uint8Array): VmdkDescriptor {
  const text = latin1(bytes).toLowerCase();
  const lines = text.split(/[\n\r\0]+/, MOST_LINES + 1);
  const settings: [key: string, value: string][] = [];
  const extents: (VmdkExtent & { readonly namesAddress: boolean })[] = [];
  let strangeLines = lines.length > MOST_LINES ? 1 : 0;
  for (const whole of lines) {
    const line = whole.slice(0, LONGEST_LINE).trim();
    const extent = EXTENT.exec(line);
    const setting = SETTING.exec(line);
    if (extent !== null) extents.push(extentOf(extent));
    else if (setting !== null) settings.push([setting[1] ?? '', (setting[2] ?? '').trim()]);
    else if (line !== '' && !line.startsWith('#')) strangeLines += 1;
  }
  let followed = 0;
  for (const match of text.matchAll(SPLIT_EXTENT)) {
    if (match[0].includes('\n')) extents.push(extentOf(match));
    followed += 1;
    if (followed > MOST_LINES) break;
  }
  const valuesOf = (key: string): readonly string[] =>
    settings.filter(([name]) => name === key).map(([, value]) => value);
  // QEMU finds this word anywhere, even in comments (vmdk_parent_open).
  const namesParent = text.includes('parentfilenamehint');
  return {
    createTypes: [...new Set(valuesOf('createtype'))],
    extents: extents.map(({ kind, sectors, leadsOut }) => ({ kind, sectors, leadsOut })),
    hasParent: namesParent || valuesOf('parentcid').some((id) => id !== NO_PARENT),
    namesParent,
    namesAddress:
      extents.some(({ namesAddress }) => namesAddress) ||
      valuesOf('parentfilenamehint').some((name) => ADDRESS.test(name)) ||
      [...text.matchAll(PARENT_NAME)].some(([, name = '']) => ADDRESS.test(name)),
    namesTracking: valuesOf('changetrackpath').length > 0,
    strangeLines,
  };
}

function extentOf(match: RegExpExecArray): VmdkExtent & { readonly namesAddress: boolean } {
  const [, sectors = '0', kind = '', name = ''] = match;
  return {
    kind,
    sectors: sectors.startsWith('-') ? 0n : BigInt(sectors.replace('+', '')),
    leadsOut: /[/\\]|\.\./.test(name),
    namesAddress: ADDRESS.test(name),
  };
}
