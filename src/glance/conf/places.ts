import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { Problem } from '../../model/error.ts';
import { type Environment, readConfFiles, unreadable } from './conf-files.ts';
import { lookUp } from './conf-options.ts';
import { CONNECTION } from './glance-conf.ts';

/** One way of installing Glance, and where it keeps the configuration of the API. */
export interface Place {
  /** Whose place it is: `Glance`, `Kolla`. */
  readonly owner: string;
  /**
   * Files and directories in the order in which Glance reads them, a later one taking precedence. Each has
   * alternatives; the first that exists is meant.
   */
  readonly layers: readonly (readonly string[])[];
}

export interface Surroundings {
  /** HOME, SNAP and SNAP_COMMON are looked at. */
  readonly environment: Environment;
  /** Goes before every path outside the home directory; empty for the machine itself. */
  readonly root: string;
  /** Names of LXC containers (directories of /var/lib/lxc) that run Glance, as OpenStack-Ansible makes them. */
  readonly containers: readonly string[];
}

/**
 * Lists where Glance's configuration may be, the likeliest place first:
 *
 * - what oslo.config searches for the project glance and the program glance-api (oslo_config/cfg.py,
 *   `find_config_files` and `find_config_dirs`, 9.0.0). Before Victoria the registry had a file too, which
 *   `glance-manage` read first. RDO ships defaults in /usr/share/glance;
 * - the directories that deployment tools mount into Glance's container: Kolla, TripleO, MicroStack, and the whole root
 *   of OpenStack-Ansible's containers.
 */
export function glancePlaces({ environment, root, containers }: Surroundings): readonly Place[] {
  const home = environment['HOME'] ?? '';
  const snaps = [environment['SNAP_COMMON'] ?? '', environment['SNAP'] ?? ''].filter((path) => path !== '');
  const searched = [
    ...(home === '' ? [] : [join(home, '.glance'), home]),
    `${root}/etc/glance`,
    `${root}/etc`,
    ...snaps.map((snap) => join(snap, 'etc/glance')),
  ];
  const kolla = `${root}/etc/kolla/glance-api`;
  return [
    { owner: 'Glance', layers: [[`${root}/usr/share/glance/glance-api-dist.conf`], ...layersIn(searched)] },
    // Reached only where the files above name no database: then Glance is told of this directory when it starts.
    { owner: 'Glance with conf.d', layers: [...layersIn(searched), [`${root}/etc/glance/conf.d`]] },
    { owner: 'Kolla', layers: [...layersIn([kolla]), [`${kolla}/conf.d`]] },
    {
      owner: 'TripleO',
      layers: layersIn([`${root}/var/lib/config-data/puppet-generated/glance_api/etc/glance`]),
    },
    { owner: 'MicroStack', layers: layersIn([`${root}/var/snap/microstack/common/etc/glance`]) },
    ...containers.map((name) => ({
      owner: `the container ${name}`,
      layers: layersIn([`${root}/var/lib/lxc/${name}/rootfs/etc/glance`]),
    })),
  ];
}

/** Directories come after files, whichever directory each is found in. */
const FILES = ['glance.conf', 'glance-registry.conf', 'glance-api.conf'];
const DIRECTORIES = ['glance.conf.d', 'glance-api.conf.d'];

function layersIn(directories: readonly string[]): Place['layers'] {
  return [...FILES, ...DIRECTORIES].map((name) => directories.map((directory) => join(directory, name)));
}

/** Lists the containers of this machine that run Glance; none where there is no LXC. */
export function glanceContainers(root: string): readonly string[] {
  try {
    return readdirSync(`${root}/var/lib/lxc`)
      .filter((name) => name.includes('glance'))
      .sort();
  } catch {
    return [];
  }
}

export type Search =
  /** The first place whose files name a database. */
  | { readonly kind: 'found'; readonly paths: readonly string[] }
  /** `seen`: files that are there but name none. `problems`: what cannot be looked at. */
  | { readonly kind: 'nothing'; readonly seen: readonly string[]; readonly problems: readonly Problem[] };

/** Looks at the places in their order. A place that may not be looked at ends the search: it may be the right one. */
export function searchPlaces(places: readonly Place[], environment: Environment): Search {
  const seen: string[] = [];
  for (const { layers } of places) {
    const { paths, problems } = existing(layers);
    if (problems.length > 0) return { kind: 'nothing', seen, problems };
    if (paths.length === 0) continue;
    const read = readConfFiles(paths, environment);
    // A broken file is reported by whoever reads it again.
    if (read.problems.length > 0 || lookUp(read, CONNECTION, []) !== null) return { kind: 'found', paths };
    seen.push(...paths.filter((path) => !seen.includes(path)));
  }
  return { kind: 'nothing', seen, problems: [] };
}

/** Chooses among alternatives as oslo.config does; a directory that this user may not enter is a problem. */
export function existing(layers: Place['layers']): {
  readonly paths: readonly string[];
  readonly problems: readonly Problem[];
} {
  const paths: string[] = [];
  const problems = new Map<string, Problem>();
  for (const alternatives of layers) {
    for (const path of alternatives) {
      try {
        statSync(path);
        paths.push(path);
        break;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EACCES' || code === 'EPERM') {
          const directory = join(path, '..');
          problems.set(directory, unreadable(directory, error));
        }
      }
    }
  }
  return { paths, problems: [...problems.values()] };
}

/**
 * Says which directory is the root of the container that a file belongs to: `/var/lib/lxc/c1/rootfs` for
 * `/var/lib/lxc/c1/rootfs/etc/glance/glance-api.conf`. Paths inside such a file are meant from there.
 *
 * @returns null where the file belongs to the machine itself.
 */
export function containerRoot(path: string): string | null {
  return /^(\/.+?)\/etc\/glance\//u.exec(path)?.[1] ?? null;
}
