/**
 * Reads MySQL's option files (my.cnf) as PyMySQL does (pymysql/optionfile.py 1.0.2, over Python's configparser): keys
 * without regard to case, `=` or `:`, `#` and `;` before a comment, one pair of equal quotes around a value taken off.
 * `!include` is not followed. Where PyMySQL would refuse a key that is there twice, the last one counts, as in MySQL's
 * own programs.
 */

/** One value of a file. It may be a password: never to be shown. */
export interface OptionFileValue {
  readonly value: string;
  /** `FILE:LINE [group] key` */
  readonly place: string;
}

export interface OptionFile {
  readonly path: string;
  /** By group, then by key in lower case. */
  readonly groups: ReadonlyMap<string, ReadonlyMap<string, OptionFileValue>>;
  /** `FILE:LINE` of each `!include` and `!includedir`. */
  readonly includes: readonly string[];
  /** `FILE:LINE` of each key before the first group. PyMySQL refuses such a file. */
  readonly strays: readonly string[];
}

interface OpenValue {
  readonly group: string;
  readonly key: string;
  readonly lines: string[];
  readonly line: number;
  readonly indent: number;
}

export function parseOptionFile(text: string, path: string): OptionFile {
  const groups = new Map<string, Map<string, OptionFileValue>>();
  const includes: string[] = [];
  const strays: string[] = [];
  let group: string | null = null;
  let open: OpenValue | null = null;

  const close = (): void => {
    if (open === null) return;
    const value = unquote(open.lines.join('\n').trimEnd());
    groups.get(open.group)?.set(open.key, { value, place: `${path}:${open.line} [${open.group}] ${open.key}` });
    open = null;
  };

  for (const [index, raw] of text.split(/\r\n|\r|\n/u).entries()) {
    const line = index + 1;
    const content = raw.trim();
    if (content === '' || content.startsWith('#') || content.startsWith(';')) continue;
    const indent = raw.length - raw.trimStart().length;
    if (open !== null && indent > open.indent) {
      open.lines.push(content);
      continue;
    }
    close();
    const header = /^\[(.+)\]/u.exec(content)?.[1];
    if (header !== undefined) {
      group = header;
      if (!groups.has(group)) groups.set(group, new Map());
    } else if (content.startsWith('!')) {
      includes.push(`${path}:${line}`);
    } else if (group === null) {
      strays.push(`${path}:${line}`);
    } else {
      const [, key = '', value = ''] = /^([^=:]*?)\s*(?:[=:]\s*(.*))?$/u.exec(content) ?? [];
      open = { group, key: key.toLowerCase(), lines: [value], line, indent };
    }
  }
  close();
  return { path, groups, includes, strays };
}

/** Finds a key in a group; a group that is there also has the keys of [DEFAULT], as in every file of configparser. */
export function optionIn(file: OptionFile, group: string, key: string): OptionFileValue | null {
  const own = file.groups.get(group);
  return own === undefined ? null : (own.get(key) ?? file.groups.get('DEFAULT')?.get(key) ?? null);
}

function unquote(value: string): string {
  const quote = value[0];
  return value.length >= 2 && (quote === "'" || quote === '"') && value.endsWith(quote) ? value.slice(1, -1) : value;
}
