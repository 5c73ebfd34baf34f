/**
 * The registry of errors. Each entry is the operator's documentation of that error; the reference page is generated
 * from it. A code is never renamed or reused.
 */

/**
 * Exit codes, which never change: 0 done; 1 a bug in the tool; 2 usage or configuration; 3 stopped, can be resumed; 4
 * undecided rows remain; 5 refused by a preflight check; 6 another run holds the lease; 7 a difference was found; 8 the
 * environment failed.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What the registry says of a code. */
export interface ErrorText {
  readonly exit: ExitCode;
  /** One line: what failed. */
  readonly title: string;
  /** One paragraph for the operator: what happened, whether anything was written, what to do. */
  readonly text: string;
}

export const ERRORS = {
  USAGE: {
    exit: 2,
    title: 'the command line cannot be understood',
    text: 'A command or option is missing, unknown or has a value outside its range. Nothing was read or written. `glance-retype COMMAND --help` lists the options of a command.',
  },
  CONFIRMATION_NEEDED: {
    exit: 2,
    title: 'a command that writes was not confirmed',
    text: 'Commands that write (expand, migrate, rollback, contract, rehearse) show what they will do and ask first. Without a terminal they cannot ask and need --yes. Nothing was written.',
  },
  DATABASE_URL: {
    exit: 2,
    title: 'the database address is missing or cannot be understood',
    text: "Name the database with --database-url, --config-file or GLANCE_RETYPE_DATABASE_URL. Without them the tool looks where Glance, Kolla, TripleO and OpenStack-Ansible keep Glance's configuration. --show-config prints each value and where it is set. Messages never repeat the address, because it may hold a password. A reserved character in a password must be percent-encoded (@ is %40, / is %2F, % is %25).",
  },
  GLANCE_CONF: {
    exit: 2,
    title: 'a Glance configuration file cannot be used',
    text: 'A file named by --config-file, --config-dir or --glance-conf, or found in its usual place, cannot be read, or none of them names a database connection. Files are read in the order given, by the rules of oslo.config. The tool looks at the variable OS_DATABASE__CONNECTION, at [database] connection and at the legacy key [DEFAULT] sql_connection. These files belong to root or glance: use sudo, or a user of that group.',
  },
  RULES_FILE: {
    exit: 2,
    title: 'the rules file is broken',
    text: 'The tool checks a rules file completely before it does anything else: words, keys, rows that can never fire, tuples without an outcome. Every problem is listed with its line. Nothing was read from the database. docs/rules.md explains the format.',
  },
  DECISIONS_FILE: {
    exit: 2,
    title: 'the answers file is broken',
    text: 'The tool checks the file named by --answers (or given to `questions`) completely before it does anything else: YAML, keys, answers outside the vocabulary, the same condition twice, facts of a question that were changed by hand. Every problem is listed with its line. Nothing was read from the database.',
  },
  DECISIONS_GROWN: {
    exit: 5,
    title: 'a question has more images than when it was answered',
    text: 'An answer to a question was given for the images that the question had at that time. Since then more images joined than growth_limit allows, and no person has seen them. Plan again with the same --questions file, look at the new images, confirm the answer (glance-retype questions FILE), and migrate. Nothing was written.',
  },
  PLAN_FILE: {
    exit: 2,
    title: 'a plan file cannot be read',
    text: 'diff compares plans that `plan --json` or `plan --ndjson` wrote. The file is missing, incomplete or of another kind. Nothing was compared.',
  },
  STOPPED: {
    exit: 3,
    title: 'the command was stopped before it had a result',
    text: 'A signal or a time box ended the command. Standard error says which. Nothing is lost: run the same command again. Only a JSON document on standard output has this code, so that it is never empty.',
  },
  NO_SUCH_IMAGE: {
    exit: 2,
    title: 'there is no such image',
    text: 'The table `images` has no row with that id, not even a soft-deleted one, and no decision is stored for it. The database compares ids, by its own collation. Nothing was written.',
  },
  OUTPUT_FILE: {
    exit: 2,
    title: 'an output file cannot be written',
    text: 'A file named by --json, --ndjson, --csv, --html, --questions or --metrics-file cannot be opened or written. The database was not changed.',
  },
  CREDENTIALS: {
    exit: 2,
    title: 'the OpenStack credentials cannot be used',
    text: 'The credentials come from the OS_* variables, or from the cloud that OS_CLOUD names in clouds.yaml (in ./, ~/.config/openstack, /etc/openstack, or OS_CLIENT_CONFIG_FILE; secure.yaml is read as well). The message lists everything that is missing, contradictory or unknown. It repeats no value, because any value may be a password. No image was read.',
  },
  IMAGE_API: {
    exit: 8,
    title: 'the image API cannot be used',
    text: 'Keystone or Glance cannot be reached or refused the login, or the catalogue has no image service for this region and interface. Name the address with --image-api, or correct OS_REGION_NAME and OS_INTERFACE. No image was read.',
  },
  DATABASE_UNREACHABLE: {
    exit: 8,
    title: 'the database cannot be reached',
    text: 'No connection could be opened, or it broke and could not be opened again. All committed batches remain. Run the same command again: it continues after them.',
  },
  POOLER_MODE: {
    exit: 5,
    title: 'the pooler in front of the database does not support transactions',
    text: 'PgBouncer refuses BEGIN when pool_mode is statement. This tool reads and writes in transactions only, so that none of its settings remains on a connection that others share. Nothing was read or written.',
  },
  DATABASE_LOGIN: {
    exit: 8,
    title: 'the database refused the login',
    text: 'The user name, the password or the database name is wrong, or the account may not connect from this host. The password is never shown.',
  },
  DATABASE_CERTIFICATE: {
    exit: 8,
    title: 'the certificate of the database server cannot be verified',
    text: 'The address asks for TLS, and the certificate has an unknown issuer, is out of date, or is for another host name. The login was not sent. Name the issuer with ssl_ca (PostgreSQL: sslrootcert), or state in the address that the certificate is not to be verified.',
  },
  DATABASE_NOT_FOUND: {
    exit: 8,
    title: 'the database does not exist',
    text: 'The server has no database of that name. For SQLite, there is no such file. No command but rehearse creates a database, and that one only its scratch schema.',
  },
  DATABASE_FAILED: {
    exit: 8,
    title: 'the database answered with an error',
    text: 'A statement failed, and neither a lost connection nor a conflict that can be retried was the reason. Its batch was rolled back. All batches committed before remain. Run the same command again: it continues after them.',
  },
  DISK_FULL: {
    exit: 8,
    title: 'the disk of the database server is full',
    text: 'The disk of the server is full, or the quota of this database is. The current batch was rolled back. All batches committed before remain. Free some space, then run the same command again.',
  },
  ROW_TOO_LARGE: {
    exit: 5,
    title: 'a table cannot take another column',
    text: 'The rows of the table have reached a limit of the engine. InnoDB keeps instantly dropped columns until the table is rebuilt: ALTER TABLE images FORCE frees their space. PostgreSQL counts dropped columns as well. The statement changed nothing.',
  },
  DDL_FAILED: {
    exit: 8,
    title: 'a change of the schema failed',
    text: 'The server refused or aborted a CREATE, ALTER or DROP. On engines that commit each DDL statement by itself, the earlier steps remain and are recorded. Run the same command again to continue, or rollback to undo them.',
  },
  OUTCOME_UNKNOWN: {
    exit: 8,
    title: 'the answer to a COMMIT was lost and the outcome could not be read back',
    text: 'The connection broke during a COMMIT, and the row that shows whether the batch was committed could not be read. Run the same command again: it looks for the batch first and repeats nothing.',
  },
  DATABASE_BUSY: {
    exit: 8,
    title: 'the database kept refusing a batch',
    text: 'One batch failed with deadlocks or lock time-outs until the time for retries was used up. It was rolled back each time. Run the same command again at a quieter time, or with a smaller --batch-size.',
  },
  CONNECTION_SHARED: {
    exit: 5,
    title: 'a proxy in front of the server shares its connections among clients',
    text: 'ProxySQL, MaxScale, RDS Proxy and similar proxies give the connection of one client to the next client, with its settings, and may send statements to several servers. The tool recognises such a proxy before it changes any setting. Use the direct address of the server that takes the writes. A proxy that only forwards bytes (HAProxy in TCP mode) is fine. Nothing was set or written.',
  },
  NODE_TOO_OLD: {
    exit: 2,
    title: 'this version of Node is too old for the program',
    text: 'The program needs the version of Node.js that the message names, or a later one. Distributions often ship an older one. docs/installation.md lists what each has, and what to do: another module stream, the official tarball of Node.js beside the old one, or the container image. Nothing was read or written.',
  },
  SQLITE_UNAVAILABLE: {
    exit: 2,
    title: 'the library for SQLite files is not installed',
    text: 'SQLite databases and `diff` need the library better-sqlite3. It is native code and an optional part of the installation: npm leaves it out where it can neither download nor compile it. Install it beside the program, or name its place in NODE_PATH; docs/installation.md has the commands. Everything else works without it, except that verdicts on images are not kept between runs. Nothing was read or written.',
  },
  SERVER_TOO_OLD: {
    exit: 5,
    title: 'the database server is too old',
    text: 'The tool needs MariaDB 10.3, MySQL 8.0, PostgreSQL 12 or SQLite 3.35 or later. Copy the database to a newer server or into SQLite, and plan there.',
  },
  NOT_GLANCE: {
    exit: 5,
    title: 'this is not a Glance database',
    text: 'The database has no table `images` with the columns that every Glance since Cactus has. Check the database name in the address.',
  },
  GLANCE_TOO_OLD: {
    exit: 5,
    title: 'the Glance schema is older than Cactus',
    text: 'The table `images` still has the column `type`, and it has no disk_format or container_format (Bexar). Upgrade it with Glance 2011.2 first (migration 003).',
  },
  GLANCE_HALF_MIGRATED: {
    exit: 5,
    title: 'a Glance upgrade was not completed',
    text: 'The tables are in a state between two releases that no completed upgrade leaves. Complete or repair the upgrade with glance-manage first. The message lists each oddity by name.',
  },
  TABLE_NOT_TRANSACTIONAL: {
    exit: 5,
    title: 'a table uses an engine without transactions',
    text: 'A table that the command writes, or that evidence is read from, is stored in MyISAM or another engine without transactions. A batch could not be rolled back. Convert it first: ALTER TABLE name ENGINE=InnoDB.',
  },
  COLUMN_UPDATES_ITSELF: {
    exit: 5,
    title: 'a column of images changes with every write to a row',
    text: 'The table `images` has a column with ON UPDATE CURRENT_TIMESTAMP. No release of Glance creates one. Writing results would change it, and clients that ask for recent changes would read every image again. Remove the clause, or use --target table.',
  },
  TRIGGER_WRITES: {
    exit: 5,
    title: 'a trigger or rule on images acts on every update',
    text: 'The table `images` has a trigger (or, on PostgreSQL, a rule) that writes when a row is updated. Writing results would start it for every image: it may change updated_at, or fill another table. The triggers of the Ocata upgrade are known and harmless. Drop the trigger for the time of the migration, or use --target table, which never writes to `images`.',
  },
  TABLE_VERSIONED: {
    exit: 5,
    title: 'images keeps its history (system versioning)',
    text: 'MariaDB keeps every old row of a table WITH SYSTEM VERSIONING. Writing results would double the table, and it refuses new columns. Remove the versioning, or use --target table, which never writes to `images`. plan, verify and gate read such a table like any other.',
  },
  ROWS_HIDDEN: {
    exit: 5,
    title: 'row-level security hides rows from this account',
    text: 'A row-level security policy of PostgreSQL applies to this account. The account may see only some of the images, and the others would stay undecided without notice. Use an account that sees all images. Nothing was written.',
  },
  DISK_ROOM: {
    exit: 5,
    title: 'the disk of the server is too small for the journal',
    text: "The tool's own tables grow with the number of images. The file system of this database has less free space than they need. This is checked only if the server and the tool run on the same machine. Otherwise the confirmation question names the size. Nothing was written.",
  },
  FOREIGN_COLUMN: {
    exit: 5,
    title: 'a result column exists that this tool did not make',
    text: 'The table `images` already has a column with the name of a result column, and the tool has no record of creating it. Choose other names with --column-names, or use --target table.',
  },
  FOREIGN_TABLE: {
    exit: 5,
    title: "a table of the tool's name exists that this tool did not make",
    text: 'A table whose name starts with retype_ exists, but with other columns than this tool creates. Rename it, or drop it if it is not needed.',
  },
  MISSING_GRANT: {
    exit: 5,
    title: 'the database user lacks privileges that the command needs',
    text: 'The message names each table and the missing privileges. docs/privileges.md has the GRANT statements of every command for MariaDB, MySQL and PostgreSQL. Nothing was written.',
  },
  SERVER_READ_ONLY: {
    exit: 5,
    title: 'the server or file is read-only',
    text: 'The server runs with read_only or is a standby, or the SQLite file is not writable. Use the address of the writable primary. Nothing was written.',
  },
  NOT_EXPANDED: {
    exit: 5,
    title: 'the database has not been expanded',
    text: "The command needs the tool's own tables. Run `glance-retype expand` first. It runs online and can be undone.",
  },
  SCRATCH_NOT_EMPTY: {
    exit: 5,
    title: 'the scratch schema of a rehearsal is not empty',
    text: 'A rehearsal drops its scratch schema with everything in it, so it uses none that holds anything: no table, no view, no routine. The message names what was found. A table retype_rehearsal belongs to a rehearsal that is at work, or that was killed and could not clean up; then the message says how to drop the schema. Nothing was written or dropped.',
  },
  ALREADY_EXPANDED: {
    exit: 5,
    title: 'the database was expanded in another way',
    text: 'The target and the column names are chosen once, by expand. To change them, run rollback (which also undoes expand) and expand again.',
  },
  META_UNKNOWN: {
    exit: 5,
    title: "the tool's own tables were made by another version",
    text: 'retype_meta names a schema version that this version of the tool does not know. Use the version that created the tables, or a newer one.',
  },
  RUN_MISMATCH: {
    exit: 5,
    title: 'a run used other rules, answers or evidence',
    text: 'A run was stopped before its end, and the rules, the answers or the --probe mode have changed since. Continuing would mix two sets of decisions. Finish the run with its own rules, answers and mode, or roll it back, or pass --new-run to close it and decide everything again. verify and gate report the same if they are given other answers or another mode than the run used.',
  },
  LEASE_HELD: {
    exit: 6,
    title: 'another run holds the lease',
    text: 'One runner works at a time. The message names the host and the process of the holder, which is alive. If a holder dies, the next command takes over its lease: at once if the process is known to be gone, otherwise after half a minute without a sign of life.',
  },
  LEASE_WAIT_STOPPED: {
    exit: 3,
    title: 'stopped while waiting for the lease',
    text: 'It was unknown whether the holder of the lease is alive, and a signal arrived, or the window of --max-time ended, while the command waited for a sign of life. Nothing was written.',
  },
  LEASE_LOST: {
    exit: 6,
    title: 'the lease was taken over by another run',
    text: 'This process gave no sign of life for longer than the lease lasts, and another runner took over. The current batch was rolled back. Committed batches are not affected.',
  },
  ROW_UNREADABLE: {
    exit: 5,
    title: 'a row lacks a value that Glance guarantees',
    text: 'The status or the key of a row is NULL, so the row cannot be migrated. The message names the row. Other rows are not affected.',
  },
  NO_SUCH_RUN: {
    exit: 2,
    title: 'there is no such run',
    text: 'The run named by --run is not in retype_runs. `glance-retype status` lists the runs.',
  },
  SERVICES_FILE: {
    exit: 2,
    title: 'the table of services is broken',
    text: 'The tool checks the file named by --services completely before it does anything else: keys, facts, values, the order of releases, conditions that nothing can meet. Every problem is listed with its line. Nothing was read from the database. docs/services.md explains the format.',
  },
  INTERNAL: {
    exit: 1,
    title: 'an internal error',
    text: 'This is a bug in glance-retype. The current batch was rolled back. Please report the message and the versions that it prints.',
  },
} as const satisfies Record<string, ErrorText>;

export type ErrorCode = keyof typeof ERRORS;

export const ERROR_CODES = Object.keys(ERRORS) as readonly ErrorCode[];
