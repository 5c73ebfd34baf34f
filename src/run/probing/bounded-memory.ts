/** A map that drops its oldest entry when it is full. */
export interface BoundedMemory<T> {
  get(key: string): T | null;
  set(key: string, value: T): void;
}

/** @param most entries held, at least 1. */
export function boundedMemory<T>(most: number): BoundedMemory<T> {
  const entries = new Map<string, T>();
  return {
    get: (key) => entries.get(key) ?? null,
    set(key, value) {
      const oldest = entries.size >= most && !entries.has(key) ? entries.keys().next() : null;
      if (oldest !== null && oldest.done !== true) entries.delete(oldest.value);
      entries.set(key, value);
    },
  };
}
