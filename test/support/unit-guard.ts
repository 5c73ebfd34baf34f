import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { Server } from 'node:net';

/** Keeps the unit tests what they are: one that starts a process or listens belongs to another project. */
const refuse = (what: string) => (): never => {
  throw new Error(`a unit test ${what}: see config/test-projects.ts for the other projects`);
};

for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'] as const) {
  Object.assign(childProcess, { [name]: refuse(`calls child_process.${name}`) });
}
syncBuiltinESMExports();
Server.prototype.listen = refuse('listens on a socket');
