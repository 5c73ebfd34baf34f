import { type Problem, RetypeError } from '../../model/error.ts';
import { type Environment, readConfFiles } from './conf-files.ts';
import { lookUp } from './conf-options.ts';

interface ConfiguredWords {
  /** Each once, in the order of the file; Glance compares them as they are written. */
  readonly words: readonly string[];
  /** `FILE:LINE [section] key` */
  readonly place: string;
}

/** What one API node accepts; null where its files do not set an option, so that Glance's default applies. */
export interface ImageFormat {
  readonly disk: ConfiguredWords | null;
  readonly container: ConfiguredWords | null;
}

/**
 * Reads `disk_formats` and `container_formats` of [image_format], or of [DEFAULT], their old section.
 *
 * @param paths layers of one node's configuration, files or directories; later ones take precedence.
 * @throws RetypeError GLANCE_CONF with every problem found.
 */
export function readImageFormat(paths: readonly string[], environment: Environment = {}): ImageFormat {
  const read = readConfFiles(paths, environment);
  const problems: Problem[] = [...read.problems];
  const option = (key: string): ConfiguredWords | null => {
    const names = ['image_format', 'DEFAULT'].map((section) => ({ section, key }));
    const found = lookUp(read, names, problems);
    return found === null ? null : { words: listOf(found.value), place: found.place };
  };
  const format = { disk: option('disk_formats'), container: option('container_formats') };
  const [first, ...rest] = problems;
  if (first !== undefined) throw new RetypeError('GLANCE_CONF', [first, ...rest]);
  return format;
}

/**
 * Parses a list as oslo.config's ListOpt does (types.py, 9.0.0): split at commas, blanks and trailing commas removed;
 * an empty value is an empty list.
 */
function listOf(value: string): readonly string[] {
  const text = value.trim().replace(/,+$/u, '');
  return text === '' ? [] : [...new Set(text.split(',').map((word) => word.trim()))];
}

/** Format words that Glance accepts. */
export interface AcceptedFormats {
  readonly disk: readonly string[];
  readonly container: readonly string[];
}

const FIRST_DISKS = ['ami', 'ari', 'aki', 'vhd', 'vmdk', 'raw', 'qcow2', 'vdi', 'iso'];
const FIRST_CONTAINERS = ['ami', 'ari', 'aki', 'bare', 'ovf'];

/**
 * The words that Glance accepts where no file sets them (glance/common/config.py through its history: ova in Icehouse,
 * docker in Mitaka, vhdx in Newton, ploop in Ocata, compressed in Train).
 *
 * @param era as `eraOf` names it; where it covers several releases, the newest of them counts.
 */
export function defaultFormats(era: string): AcceptedFormats {
  if (/Rocky|20\d\d\.\d/u.test(era) && !era.startsWith('Queens')) {
    return {
      disk: [...FIRST_DISKS, 'vhdx', 'ploop'],
      container: [...FIRST_CONTAINERS, 'ova', 'docker', 'compressed'],
    };
  }
  if (/Ocata|Queens/u.test(era)) {
    return { disk: [...FIRST_DISKS, 'vhdx', 'ploop'], container: [...FIRST_CONTAINERS, 'ova', 'docker'] };
  }
  if (era.includes('Newton'))
    return { disk: [...FIRST_DISKS, 'vhdx'], container: [...FIRST_CONTAINERS, 'ova', 'docker'] };
  if (/Icehouse|Juno/u.test(era)) return { disk: FIRST_DISKS, container: [...FIRST_CONTAINERS, 'ova'] };
  return { disk: FIRST_DISKS, container: FIRST_CONTAINERS };
}
