/**
 * The first key of every JSON document. Raised when a key changes its meaning; added keys and added words do not
 * count.
 */
export const FORMAT_VERSION = 1 as const;
