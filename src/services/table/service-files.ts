import { readBounded } from '../../model/bounded-file.ts';
import { RetypeError } from '../../model/error.ts';
import { shippedFile } from '../../model/shipped-file.ts';
import type { YamlSource } from '../../yaml/yaml-tree.ts';

/** The text of a table of services. */
export interface ServicesSource extends YamlSource {
  /** A test checks the shipped table, so that it loads fast. */
  readonly origin: 'shipped' | 'operator';
}

/** Reads the table of services of the program. */
export function shippedServices(): ServicesSource {
  return { path: 'config/services.yaml', text: shippedFile('config/services.yaml'), origin: 'shipped' };
}

/** Most bytes of a services file, inclusive: a hundred times the size of the shipped one. */
const LONGEST = 4 * 1024 * 1024;

/**
 * Reads an operator's table, which takes the place of the shipped one.
 * @throws RetypeError SERVICES_FILE if it cannot be read.
 */
export function readServicesFile(path: string): ServicesSource {
  try {
    return { path, text: readBounded(path, LONGEST).toString('utf8'), origin: 'operator' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const found = code === 'EFBIG' ? `more than ${LONGEST / 1024 / 1024} MiB` : code;
    throw new RetypeError(
      'SERVICES_FILE',
      [{ place: path, expected: 'a readable YAML file', found, advice: 'check the path and its permissions' }],
      error,
    );
  }
}
