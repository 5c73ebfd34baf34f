import { RetypeError } from '../../model/error.ts';
import { shippedFile } from '../../model/shipped-file.ts';

/**
 * Refuses a Node.js that is older than package.json asks for. npm only warns of it, and the program in one file is
 * started by whatever `node` is there; without this check they fail somewhere with a message that helps nobody.
 *
 * @param version as `process.versions.node` has it.
 * @throws RetypeError NODE_TOO_OLD.
 */
export function requireNode(version: string): void {
  const { engines } = JSON.parse(shippedFile('package.json')) as { readonly engines: { readonly node: string } };
  const least = engines.node.replace('>=', '');
  const [major, minor] = numbers(version);
  const [leastMajor, leastMinor] = numbers(least);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  throw new RetypeError('NODE_TOO_OLD', {
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
