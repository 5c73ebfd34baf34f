export const BENCH_ENGINES = ['mariadb', 'postgres', 'sqlite'] as const;

export type BenchEngineName = (typeof BENCH_ENGINES)[number];
