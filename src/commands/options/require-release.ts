import { type Problem, RetypeError } from '../../model/error.ts';

/**
 * Refuses options that say how services are asked where none was asked about.
 *
 * @param openstack the value of --openstack.
 * @param others values of other options, by the names that are typed.
 * @param newest a release, as an example.
 * @throws RetypeError USAGE with every problem.
 */
export function requireRelease(
  openstack: string | undefined,
  others: Readonly<Record<string, unknown>>,
  newest: string,
): void {
  if (openstack !== undefined) return;
  const problems = Object.entries(others)
    .filter(([, value]) => value !== undefined)
    .map(([place]): Problem => {
      return {
        place,
        expected: '--openstack RELEASE with it',
        found: `${place} alone`,
        advice: `name the release whose services are meant: --openstack ${newest}`,
      };
    });
  const [first, ...rest] = problems;
  if (first !== undefined) throw new RetypeError('USAGE', [first, ...rest]);
}
