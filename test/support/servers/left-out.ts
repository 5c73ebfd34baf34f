const without = (process.env['GLANCE_RETYPE_TEST_WITHOUT'] ?? '').split(',').map((name) => name.trim());

/** Whether the person excluded suites by this name: `scripts/test --without glance,corpus`. */
export function isLeftOut(name: 'galera' | 'poolers' | 'glance' | 'corpus' | 'browser'): boolean {
  return without.includes(name);
}
