import type { Argv } from 'yargs';

import { shellWord } from '../../report/words/shell-word.ts';
import { type Given, GROUPS } from './kinds.ts';

/**
 * Adds the options that say which OpenStack services are predicted. They change what is shown, and never what is
 * written. `load-services.ts` reads them: this file loads no table, so that help and completion stay quick.
 */
export function servicesOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('openstack', {
      group: GROUPS.services,
      type: 'string',
      requiresArg: true,
      describe:
        'the release of OpenStack whose services are predicted; or two, RELEASE..RELEASE, of which the first runs today and the second comes (default: the newest known; gate and probe say nothing about services without it)',
    })
    .option('nova-backend', {
      group: GROUPS.services,
      type: 'string',
      requiresArg: true,
      describe:
        'how Nova keeps the disks of servers ([libvirt] images_type): qcow2, flat for flat and lvm, rbd-clone for Ceph that clones raw images (default: qcow2)',
    })
    .option('services', {
      group: GROUPS.services,
      type: 'string',
      requiresArg: true,
      describe: 'a table of services of your own, used instead of the shipped one (config/services.yaml)',
    });
}

export type GivenServices = Given<typeof servicesOptions>;

/** Repeats the options given, for commands that are suggested. */
export function servicesTail(given: GivenServices): string {
  const words = [
    ...(given.openstack === undefined ? [] : ['--openstack', given.openstack]),
    ...(given.novaBackend === undefined ? [] : ['--nova-backend', given.novaBackend]),
    ...(given.services === undefined ? [] : ['--services', given.services]),
  ];
  return words.map((word) => ` ${shellWord(word)}`).join('');
}
