import type { GateService } from '../model/gate.ts';
import { imagesText } from '../report/words/number-text.ts';
import type { ProbeChoice } from './options/probe.ts';
import { usageError } from './options/usage.ts';
import { nearest } from '../model/nearest.ts';

/**
 * The service that every stored image meets when it is used. Glance inspects what is uploaded and never a stored image,
 * and a cloud may have no Cinder and no Ironic.
 */
const USUAL = 'nova';

/**
 * Lists the services whose refusals prevent the cutover.
 *
 * @param given values of --must-accept.
 * @param known keys of the table of services.
 * @throws RetypeError USAGE.
 */
export function requiredServices(given: readonly string[] | undefined, known: readonly string[]): ReadonlySet<string> {
  const required = given ?? [USUAL];
  for (const name of required) {
    if (known.includes(name)) continue;
    const several = name.split(',');
    const meant = several.length > 1 ? several : nearest(name, known);
    throw usageError(
      '--must-accept',
      `one of ${known.join(', ')}`,
      name,
      meant.length > 0
        ? `did you mean ${meant.map((service) => `--must-accept ${service}`).join(several.length > 1 ? ' ' : ' or ')}?`
        : 'name one of these; the option may be repeated',
    );
  }
  return new Set(required);
}

/**
 * Says how many images a required service cannot be foretold for, and what would tell.
 *
 * @param probe which images were looked into.
 * @param tail the options about services, for the command that is suggested.
 */
export function unknownNotes(
  services: readonly GateService[],
  probe: ProbeChoice['mode'],
  tail: string,
): readonly string[] {
  return services
    .filter(({ part, unknown }) => part === 'required' && unknown > 0)
    .map(({ service, unknown, unknownBecause: [most] }) => {
      const why = most === undefined ? '' : ` (${most.why})`;
      const note = `what ${service} does with ${imagesText(unknown)} is not known${why}, which does not prevent the cutover`;
      return probe === 'all' ? note : `${note}; \`glance-retype plan${tail} --probe all\` looks into them`;
    });
}
