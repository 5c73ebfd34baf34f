import { RetypeError } from '../../model/error.ts';

/** @throws RetypeError SERVER_TOO_OLD where `version` (dotted numbers, anything may follow) is below `least`. */
export function requireVersion(
  product: string,
  version: string,
  least: readonly [number, number],
  label: string,
): void {
  const [major = 0, minor = 0] = (/\d+(?:\.\d+)?/.exec(version)?.[0] ?? '0').split('.').map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return;
  throw new RetypeError('SERVER_TOO_OLD', [
    {
      place: label,
      expected: `${product} ${least.join('.')} or later`,
      found: `${product} ${version}`,
      advice: 'copy the database to a newer server and work there',
    },
  ]);
}
