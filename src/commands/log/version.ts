import { shippedFile } from '../../model/shipped-file.ts';

/** The version in package.json. */
export function toolVersion(): string {
  return (JSON.parse(shippedFile('package.json')) as { readonly version: string }).version;
}
