import { ENGINES } from '../servers/engine-names.ts';
import { isLeftOut } from '../servers/left-out.ts';

/**
 * Whether the suites that run Debian's glance-manage take part: always, unless the person excluded glance or MariaDB by name
 * (`scripts/test --without glance`). A glance-manage that is merely missing fails them.
 */
export const REAL_GLANCE = !isLeftOut('glance') && ENGINES.includes('mariadb');

if (!REAL_GLANCE) {
  process.stdout.write('left out as asked: the suites on a schema made by glance-manage\n');
}
