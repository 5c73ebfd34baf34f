const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const CAPITAL = /[A-F]/;

/**
 * The form in which two image ids are the same: a UUID is the same in capitals, anything else (integers of Cactus and
 * Diablo, what a site made up) only where every character is.
 */
export function comparableId(id: string): string {
  return CAPITAL.test(id) && UUID.test(id) ? id.toLowerCase() : id;
}
