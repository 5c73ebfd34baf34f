/**
 * The text of a text or integer column.
 * @throws TypeError for a value that no text column yields: the tool's own tables were altered.
 */
export function columnText(value: unknown): string | null {
  if (value === null || value === undefined || typeof value === 'string') {
    return value ?? null;
  }
  if (typeof value === 'bigint' || typeof value === 'number') {
    return value.toString();
  }
  throw new TypeError(`a text column holds a ${typeof value}`);
}

/** Parses JSON that this tool wrote; null for NULL and for a text that is not JSON. */
export function parsed(value: unknown): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return null;
  }
}
