/**
 * Substitutes `$name`, `${name}` and `${group.name}` in a value by the rules of oslo.config (cfg.py `_substitute` and
 * `Template`, 9.0.0): `$$` and `\$` are a dollar sign; a `$` without a name after it stays; a plain name is looked up
 * in the section of the value first and then in [DEFAULT]; the case of names counts.
 */

/** Finds the raw (unsubstituted) value of an option, or null. */
export type OptionLookup = (section: string, key: string) => string | null;

export type Substituted =
  | { readonly kind: 'text'; readonly text: string }
  /** No file sets a variable. Its name is not reported: half a password after a stray `$` would look like a name. */
  | { readonly kind: 'unset' }
  | { readonly kind: 'cycle' };

const VARIABLE = /\$(?:(\$)|([_a-z][._a-z0-9]*)|\{([_a-z][._a-z0-9]*)\})/giu;

/** Deeper nesting than any real file has; a cycle ends here. */
const MAX_DEPTH = 20;

/**
 * Variables looked up for one value, and characters of their values: values that name others twice would grow without
 * bound.
 */
const MOST_VARIABLES = 1_000;
const LONGEST = 1024 * 1024;

export function substitute(value: string, section: string, lookup: OptionLookup): Substituted {
  return expand(value, section, lookup, { depth: 0, spent: { variables: 0, characters: 0 } });
}

interface Nesting {
  readonly depth: number;
  /** Shared by all levels. */
  readonly spent: { variables: number; characters: number };
}

function expand(value: string, section: string, lookup: OptionLookup, { depth, spent }: Nesting): Substituted {
  spent.characters += value.length;
  if (depth > MAX_DEPTH || spent.variables > MOST_VARIABLES || spent.characters > LONGEST) return { kind: 'cycle' };
  let failure: Substituted | null = null;
  const text = value.replaceAll('\\$', '$$$$').replace(VARIABLE, (whole, dollar, bare, braced) => {
    if (failure !== null) return whole;
    if (dollar !== undefined) return '$';
    spent.variables += 1;
    const found = find(String(bare ?? braced), section, lookup);
    const deeper = { depth: depth + 1, spent };
    const inner = found === null ? ({ kind: 'unset' } as const) : expand(found.value, found.section, lookup, deeper);
    if (inner.kind === 'text') return inner.text;
    failure = inner;
    return whole;
  });
  return failure ?? { kind: 'text', text };
}

function find(name: string, section: string, lookup: OptionLookup): { value: string; section: string } | null {
  const dot = name.indexOf('.');
  const place = dot < 0 ? { section, key: name } : { section: name.slice(0, dot), key: name.slice(dot + 1) };
  const value = lookup(place.section, place.key);
  if (value !== null) return { value, section: place.section };
  const fallback = lookup('DEFAULT', name);
  return fallback === null ? null : { value: fallback, section: 'DEFAULT' };
}
