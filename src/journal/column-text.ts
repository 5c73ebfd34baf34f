/**
 * A text or integer column as the driver gave it, as text.
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
