import { writeFileSync } from 'node:fs';

import type { ConnectionUsage } from '../../db/database.ts';
import type { PhaseClock } from '../../run/context/phase-clock.ts';

/** Names the file into which a command writes its costs when it ends; `npm run bench` reads it. */
const VARIABLE = 'GLANCE_RETYPE_MEASURES';

interface WorkDone {
  readonly clock: PhaseClock;
  /** Rows of the last phase that counted any. */
  readonly rows: number;
}

const noted: { traffic: ConnectionUsage; work: WorkDone | null } = {
  traffic: { statements: 0, bytesSent: 0, bytesReceived: 0 },
  work: null,
};

/** Adds what went over one database's connections; before they are closed. */
export function noteTraffic({ statements, bytesSent, bytesReceived }: ConnectionUsage): void {
  const { traffic } = noted;
  noted.traffic = {
    statements: traffic.statements + statements,
    bytesSent: traffic.bytesSent + bytesSent,
    bytesReceived: traffic.bytesReceived + bytesReceived,
  };
}

export function noteWork(work: WorkDone): void {
  noted.work = work;
}

/** Writes the costs if the environment asks for them; seconds count from the start of the process. */
export function writeMeasures(environment: NodeJS.ProcessEnv): void {
  const file = environment[VARIABLE];
  if (file === undefined || file === '') return;
  const { traffic, work } = noted;
  const seconds = { total: process.uptime(), ...work?.clock.seconds() };
  writeFileSync(file, `${JSON.stringify({ seconds, rows: work?.rows ?? 0, ...traffic })}\n`);
}
