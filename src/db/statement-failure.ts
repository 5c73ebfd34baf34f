const failures = new WeakSet();

/** Remembers that a database, or the way to it, is what an error came from. @returns the same error. */
export function statementFailure(error: unknown): unknown {
  if (typeof error === 'object' && error !== null) failures.add(error);
  return error;
}

/** Whether an error came from a statement: its codes are the driver's then. Files and web servers fail with the same ones. */
export function isStatementFailure(error: unknown): boolean {
  return typeof error === 'object' && error !== null && failures.has(error);
}
