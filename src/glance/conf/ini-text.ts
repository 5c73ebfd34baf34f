/**
 * Parses the text of one configuration file by the rules of oslo.config's own parser (oslo_config/iniparser.py, 9.0.0):
 * a line that starts with a blank continues the value before it, a blank line or a comment ends it, `=` or `:`
 * (whichever comes first) separates key and value, and one pair of equal quotes around a first line is removed.
 */

/** One `key = value`, with the line of its key (from 1). */
export interface ConfEntry {
  /** As oslo.config looks it up: lower case, save for `DEFAULT`. */
  readonly section: string;
  readonly key: string;
  /** Continuation lines are joined by a line feed. May hold a password: never to be shown. */
  readonly value: string;
  readonly line: number;
}

/** A line that breaks the rules. The line itself is not repeated: it may hold a password. */
interface ConfDefect {
  readonly line: number;
  readonly expected: string;
  readonly found: string;
}

export interface ConfText {
  readonly entries: readonly ConfEntry[];
  readonly defects: readonly ConfDefect[];
}

interface OpenEntry {
  readonly key: string;
  readonly lines: string[];
  readonly line: number;
}

/** Defects of one file that are reported: a file with more is not a configuration file, and its rest is not read. */
const MOST_DEFECTS = 200;

/** Parses a whole file and collects its defects, the first 200. A defective line is left out of `entries`. */
export function parseConfText(text: string): ConfText {
  const entries: ConfEntry[] = [];
  const defects: ConfDefect[] = [];
  let section: string | null = null;
  let open: OpenEntry | null = null;

  const close = (): void => {
    if (open === null) return;
    const { key, lines, line } = open;
    open = null;
    if (section === null) defects.push({ line, expected: 'a [section] before the first key', found: 'a key' });
    else entries.push({ section, key, value: lines.join('\n'), line });
  };

  let line = 0;
  for (const raw of text.split(/\r\n|\r|\n/u)) {
    if (defects.length >= MOST_DEFECTS) break;
    line += 1;
    const content = raw.trimEnd();
    if (content === '') {
      close();
    } else if (content.startsWith(' ') || content.startsWith('\t')) {
      // An indented comment is a continuation too: Glance reads it as part of the value.
      if (open === null)
        defects.push({ line, expected: 'a key before a continuation line', found: 'an indented line' });
      else open.lines.push(content.trimStart());
    } else {
      close();
      if (content.startsWith('#') || content.startsWith(';')) continue;
      if (content.startsWith('[')) {
        if (!content.endsWith(']') || content.length <= 2) {
          defects.push({ line, expected: '[section]', found: 'a section header without a name or without its ]' });
        } else {
          section = foldSection(content.slice(1, -1));
        }
        continue;
      }
      const at = content.search(/[=:]/u);
      const key = at < 0 ? '' : content.slice(0, at).trim();
      if (key === '') {
        defects.push({ line, expected: '[section], key = value or a comment', found: 'a line that is none of these' });
      } else {
        open = { key, lines: [unquote(content.slice(at + 1).trim())], line };
      }
    }
  }
  close();
  return { entries, defects };
}

/** Section names are compared without regard to case, except that DEFAULT must be in capitals. */
export function foldSection(name: string): string {
  return name === 'DEFAULT' ? name : name.toLowerCase();
}

function unquote(value: string): string {
  const quote = value[0];
  return (quote === '"' || quote === "'") && value.endsWith(quote) ? value.slice(1, -1) : value;
}
