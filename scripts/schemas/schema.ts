type Json = Readonly<Record<string, unknown>>;

/**
 * A JSON Schema (draft 2020-12) of values of one type. The function is never there: it makes the compiler refuse a
 * schema whose values are more or fewer than those of the type it is given for.
 */
export interface Schema<T> {
  readonly json: Json;
  readonly values?: (value: T) => T;
}

/** The type as JSON has it: everything readonly, without keys that are always left out. */
export type Plain<T> = T extends readonly (infer Item)[]
  ? readonly Plain<Item>[]
  : T extends object
    ? { readonly [Key in keyof T as T[Key] extends undefined ? never : Key]: Plain<T[Key]> }
    : T;

/** Checks that a schema describes exactly what a function of the program returns. */
export function describes<T>(schema: Schema<Plain<T>>): Schema<Plain<T>> {
  return schema;
}

export function text(description: string): Schema<string> {
  return { json: { description, type: 'string' } };
}

/** A number of things, or of bytes. */
export function count(description: string): Schema<number> {
  return { json: { description, type: 'integer', minimum: 0 } };
}

/** A number that may have a fraction. */
export function amount(description: string): Schema<number> {
  return { json: { description, type: 'number', minimum: 0 } };
}

/** A number that may be negative. */
export function points(description: string): Schema<number> {
  return { json: { description, type: 'integer' } };
}

export function flag(description: string): Schema<boolean> {
  return { json: { description, type: 'boolean' } };
}

export function constant<const Value extends string | number | boolean>(
  value: Value,
  description: string,
): Schema<Value> {
  return { json: { description, const: value } };
}

/** One of the words; later versions may have more. */
export function word<const Word extends string>(words: readonly Word[], description: string): Schema<Word> {
  return { json: { description, type: 'string', enum: words } };
}

export function number<const Value extends number>(values: readonly Value[], description: string): Schema<Value> {
  return { json: { description, type: 'integer', enum: values } };
}

/** The value, or null. */
export function orNull<T>({ json }: Schema<T>): Schema<T | null> {
  const { type, enum: words, description, ...rest } = json;
  if (typeof type !== 'string') return { json: { description, anyOf: [{ ...rest }, { type: 'null' }] } };
  const enumeration = Array.isArray(words) ? { enum: [...(words as readonly unknown[]), null] } : {};
  return { json: { description, type: [type, 'null'], ...enumeration, ...rest } };
}

export function list<T>(item: Schema<T>, description: string): Schema<readonly T[]> {
  return { json: { description, type: 'array', items: item.json } };
}

type ValueOf<S> = S extends Schema<infer T> ? T : never;

/** An object that has all of the keys, and perhaps keys of later versions. */
export function object<const K extends Readonly<Record<string, { readonly json: Json }>>>(
  keys: K,
  description?: string,
): Schema<{ readonly [Key in keyof K]: ValueOf<K[Key]> }> {
  const properties = Object.fromEntries(Object.entries(keys).map(([key, { json }]) => [key, json]));
  return {
    json: {
      ...(description === undefined ? {} : { description }),
      type: 'object',
      required: Object.keys(keys),
      properties,
    },
  };
}

/** An object with one value for each of the words. */
export function byWord<const Word extends string, T>(
  words: readonly Word[],
  value: (word: Word) => Schema<T>,
  description: string,
): Schema<Readonly<Record<Word, T>>> {
  const properties = Object.fromEntries(words.map((each) => [each, value(each).json]));
  return { json: { description, type: 'object', required: words, properties } };
}

/** An object with values for some of the words. */
export function bySomeWords<const Word extends string, T>(
  words: readonly Word[],
  value: Schema<T>,
  description: string,
): Schema<Readonly<Partial<Record<Word, T>>>> {
  const properties = Object.fromEntries(words.map((each) => [each, value.json]));
  return { json: { description, type: 'object', properties } };
}

/** An object whose keys are data. */
export function byName<T>(value: Schema<T>, description: string): Schema<Readonly<Record<string, T>>> {
  return { json: { description, type: 'object', additionalProperties: value.json } };
}

/** One of several objects. */
export function oneOf<const All extends readonly { readonly json: Json }[]>(
  description: string,
  ...all: All
): Schema<ValueOf<All[number]>> {
  return { json: { description, anyOf: all.map(({ json }) => json) } };
}
