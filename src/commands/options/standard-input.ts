/** What stands for `-` among the operands of a command: no file can be called so. */
export const STANDARD_INPUT = '\0-';
