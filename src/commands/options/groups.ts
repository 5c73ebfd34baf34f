/** The headings of a command's help. */
export const GROUPS = {
  database: 'Which database:',
  deciding: 'What decides:',
  content: 'What to read of the images:',
  output: 'What to write:',
  pace: 'How fast:',
} as const;
