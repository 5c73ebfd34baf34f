import { RetypeError } from '../../model/error.ts';
import { shippedFile } from '../../model/shipped-file.ts';

/**
 * What to tell where Node.js is older than package.json asks for; null where it is not. npm only warns of it, and the
 * program in one file is started by whatever `node` is there. Most of the program cannot even be loaded by an old one,
 * so this is asked before anything else is loaded, and nothing that it imports may be newer than Node.js 12.
 *
 * @param version as `process.versions.node` has it.
 */
export function nodeTooOld(version: string): RetypeError | null {
  const { engines } = JSON.parse(shippedFile('package.json')) as { readonly engines: { readonly node: string } };
  const least = engines.node.replace('>=', '');
  const [major, minor] = numbers(version);
  const [leastMajor, leastMinor] = numbers(least);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return null;
  return new RetypeError('NODE_TOO_OLD', {
    place: process.execPath,
    expected: `Node.js ${least} or later`,
    found: `Node.js ${version}`,
    advice:
      'unpack a newer one from https://nodejs.org/dist/ beside it and start the program with that (no root is needed), ' +
      'or use the container image; docs/installation.md says what each distribution has',
  });
}

function numbers(version: string): readonly [major: number, minor: number] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return [major, minor];
}
