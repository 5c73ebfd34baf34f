/** Statements that write, or that run code nobody has looked at. */
const WRITING =
  /^(?:insert|update|delete|merge|truncate|call|perform|execute|copy|load|prepare|replace\s+(?:into|low_priority|delayed)|with)\b/u;

/** Assignments to the new row: MySQL's SET, PL/pgSQL's own form, and SELECT … INTO. */
const ASSIGNING = /^set\b.*\bnew\s*\.|^new\b(?:\s*\.\s*\w+)?\s*:?=|^select\b.*\binto\s+(?:strict\s+)?new\b/su;

/**
 * What the trigger of the Ocata upgrade sets, each where the other one changed (MySQL, between its expand and its
 * contract).
 */
const OCATA = {
  name: 'update_visibility',
  sets: /^set\s+new\s*\.\s*(?:visibility|is_public)\s*=(?!.*,\s*new\s*\.\s*\w+\s*=)/su,
};

/**
 * Whether a trigger on `images` may write when another column is updated; pure. Every word counts that may begin a
 * writing statement. Functions called in expressions are not looked into.
 *
 * @param body null where it is not SQL: then nothing can be said.
 */
export function mayWrite(name: string, body: string | null): boolean {
  if (body === null) return true;
  const writing = statementsOf(body).filter((statement) => WRITING.test(statement) || ASSIGNING.test(statement));
  return name === OCATA.name ? writing.some((statement) => !OCATA.sets.test(statement)) : writing.length > 0;
}

/** Cuts the body where statements begin, in lower case, without comments and the contents of texts. */
function statementsOf(body: string): readonly string[] {
  const bare = body
    .replaceAll(/'(?:[^'\\]|''|\\.)*'/gu, "''")
    .replaceAll(/--[^\n]*|#[^\n]*|\/\*.*?\*\//gsu, ' ')
    .replaceAll(/["`]/gu, '')
    .toLowerCase();
  return bare.split(/;|\b(?:begin|then|else|loop|do|declare)\b/u).map((statement) => statement.trim());
}
