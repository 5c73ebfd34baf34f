/** Replaces `-` among the operands of a command; no file can have this name. */
export const STANDARD_INPUT = '\0-';
