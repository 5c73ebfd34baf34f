/** The fields that drivers put on their errors; every one may be missing. */
export interface DriverError {
  readonly code: string | null;
  /** MySQL's error number. */
  readonly errno: number | null;
  readonly message: string;
}

/** Reads a thrown value. An AggregateError has the code that Node gives it. */
export function driverError(error: unknown): DriverError {
  if (typeof error !== 'object' || error === null) return { code: null, errno: null, message: String(error) };
  const { code, errno, message } = error as { code?: unknown; errno?: unknown; message?: unknown };
  return {
    code: typeof code === 'string' ? code : null,
    errno: typeof errno === 'number' ? errno : null,
    message: typeof message === 'string' ? message : '',
  };
}

/** Codes of node:net and node:dns for a server that cannot be reached. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EADDRNOTAVAIL',
  'ENOENT',
  'EACCES',
]);

const LOST = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED', 'ERR_STREAM_DESTROYED', 'ERR_SOCKET_CLOSED']);

export function classifySocketError(error: DriverError): 'unreachable' | 'connection-lost' | null {
  // knex gives no code to this: no connection was free, or none could be opened, within the time that the pool waits.
  if (error.message.startsWith('Knex: Timeout acquiring')) return 'unreachable';
  if (error.code === null) return null;
  if (UNREACHABLE.has(error.code)) return 'unreachable';
  return LOST.has(error.code) ? 'connection-lost' : null;
}

/** The server's own words, without the statement that knex puts before them. */
export function serverMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const afterSql = text.lastIndexOf(' - ');
  const message = (afterSql === -1 ? text : text.slice(afterSql + 3)).split('\n')[0] ?? '';
  return message.length > 300 ? `${message.slice(0, 300)}…` : message;
}

const statementFailures = new WeakSet();

/** Marks an error as one that came from the database or the way to it. @returns the same error. */
export function statementFailure(error: unknown): unknown {
  if (typeof error === 'object' && error !== null) statementFailures.add(error);
  return error;
}

/**
 * Whether an error came from a statement, so that its codes are the driver's. Files and web servers fail with the same
 * codes.
 */
export function isStatementFailure(error: unknown): boolean {
  return typeof error === 'object' && error !== null && statementFailures.has(error);
}
