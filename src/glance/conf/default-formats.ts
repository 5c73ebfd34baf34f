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
