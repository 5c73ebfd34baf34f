const ALL = ['sqlite', 'mariadb', 'postgres'] as const;

export type EngineName = (typeof ALL)[number];

const chosen = process.env['GLANCE_RETYPE_TEST_ENGINES']?.split(',').map((name) => name.trim());

for (const name of chosen ?? []) {
  if (!ALL.some((known) => known === name)) throw new Error(`GLANCE_RETYPE_TEST_ENGINES names no engine: ${name}`);
}

/** Engines under test: all, unless GLANCE_RETYPE_TEST_ENGINES lists fewer. */
export const ENGINES: readonly EngineName[] = ALL.filter((name) => chosen === undefined || chosen.includes(name));

export const EXCLUDED_ENGINES: readonly EngineName[] = ALL.filter((name) => !ENGINES.includes(name));
