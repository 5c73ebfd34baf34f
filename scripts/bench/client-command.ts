/** A program and its words. */
export type ClientCommand = readonly [string, ...string[]];

/** The command-line client of MariaDB, connected to a private server by its address. */
export function mariadbClient(url: string, words: readonly string[]): ClientCommand {
  const { hostname, port, username, pathname } = new URL(url);
  return [
    'mariadb',
    '--no-defaults',
    '--protocol=tcp',
    `--host=${hostname}`,
    `--port=${port}`,
    `--user=${username}`,
    ...words,
    databaseOf(pathname),
  ];
}

/** The command-line client of PostgreSQL, connected to a private server by its address. */
export function postgresClient(url: string, words: readonly string[]): ClientCommand {
  const { hostname, port, username, pathname } = new URL(url);
  return [
    'psql',
    '--no-psqlrc',
    `--host=${hostname}`,
    `--port=${port}`,
    `--username=${username}`,
    ...words,
    databaseOf(pathname),
  ];
}

function databaseOf(pathname: string): string {
  return decodeURIComponent(pathname.slice(1));
}
