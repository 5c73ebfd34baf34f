/**
 * The registry of errors. Each entry is the operator's documentation of that error; the reference page is generated from it.
 * A code is never renamed or reused.
 */

/**
 * Exit codes, fixed by the design: 0 done; 1 our bug; 2 usage or configuration; 3 stopped, resumable; 4 undecided rows remain;
 * 5 refused by a preflight check; 6 another run holds the lease; 7 a difference was found; 8 the environment failed.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

interface ErrorText {
  readonly exit: ExitCode;
  /** One line: what failed. */
  readonly title: string;
  /** One paragraph for the operator: what happened, whether anything was written, what to do. */
  readonly text: string;
}

export const ERRORS = {
  USAGE: {
    exit: 2,
    title: 'the command line is not understood',
    text: 'A command or option is missing, unknown or has a value outside its range. Nothing was read or written. `glance-retype COMMAND --help` lists what a command takes.',
  },
  CONFIRMATION_NEEDED: {
    exit: 2,
    title: 'a command that writes was not confirmed',
    text: 'expand, migrate, rollback and contract say what they are about to do and ask on a terminal. Without a terminal they need --yes. Nothing was written.',
  },
  DATABASE_URL: {
    exit: 2,
    title: 'the database is not named in a way that can be understood',
    text: 'Name the database by --database-url, by --glance-conf or by GLANCE_RETYPE_DATABASE_URL. The address is never repeated in a message, because it holds a password; a reserved character in a password must be percent-encoded (@ is %40, / is %2F, % is %25).',
  },
  GLANCE_CONF: {
    exit: 2,
    title: 'a Glance configuration file cannot be used',
    text: 'The file given by --glance-conf cannot be read or names no database connection. Files are read in the order given by the rules of oslo.config; the keys looked at are [database] connection and the legacy [DEFAULT] sql_connection.',
  },
  RULES_FILE: {
    exit: 2,
    title: 'the rules file is broken',
    text: 'A rules file is checked as a whole before anything else happens: vocabulary, unknown keys, rows that can never fire, tuples without an outcome. Every problem is listed with its line. Nothing was read from the database.',
  },
  DECISIONS_FILE: {
    exit: 2,
    title: 'the answers file is broken',
    text: 'The file given by --answers (or to `questions`) is checked as a whole before anything else happens: YAML, keys, answers outside the vocabulary, the same condition twice, facts of a question that were changed by hand. Every problem is listed with its line. Nothing was read from the database.',
  },
  DECISIONS_GROWN: {
    exit: 5,
    title: 'a group has grown since it was answered',
    text: 'An answer to a group speaks for the images that it had when the question was written. More have joined it since than growth_limit allows, and nobody looked at those. Plan again with the same --questions file, look at what is new, confirm the answer (glance-retype questions FILE), and migrate. Nothing was written.',
  },
  PLAN_FILE: {
    exit: 2,
    title: 'a plan file cannot be read',
    text: 'diff compares plans that `plan --json` or `plan --ndjson` wrote. The file is missing, cut off, or is something else. Nothing was compared.',
  },
  NO_SUCH_IMAGE: {
    exit: 2,
    title: 'there is no such image',
    text: 'No row of the table `images` has that id, soft-deleted ones included, and nothing is stored of one. Ids are compared as the database compares them. Nothing was written.',
  },
  OUTPUT_FILE: {
    exit: 2,
    title: 'an output file cannot be written',
    text: 'A file named by --json, --ndjson, --csv, --html or --questions cannot be opened or written. The database was not changed.',
  },
  CREDENTIALS: {
    exit: 2,
    title: 'the OpenStack credentials cannot be used',
    text: 'They come from the OS_* variables or from the cloud of clouds.yaml that OS_CLOUD names (./, ~/.config/openstack, /etc/openstack, or OS_CLIENT_CONFIG_FILE; secure.yaml is merged in). Everything that is missing, contradictory or not understood is listed; no value is repeated, because any of them may be a password. No image was read.',
  },
  IMAGE_API: {
    exit: 8,
    title: 'the image API cannot be used',
    text: 'Keystone or Glance cannot be reached, refused the login, or the catalogue has no image service for the region and interface asked for. Name the address with --image-api, or correct OS_REGION_NAME and OS_INTERFACE. No image was read.',
  },
  DATABASE_UNREACHABLE: {
    exit: 8,
    title: 'the database cannot be reached',
    text: 'No connection could be made, or it broke and could not be made again. Whatever was committed stays committed; the same command goes on from there.',
  },
  POOLER_MODE: {
    exit: 5,
    title: 'the pooler before the database does not keep transactions together',
    text: 'PgBouncer refuses BEGIN where pool_mode is statement. Every read and write of this tool is a transaction, so that no setting outlives it on a connection that others share. Nothing was read or written.',
  },
  DATABASE_LOGIN: {
    exit: 8,
    title: 'the database refused the login',
    text: 'The user name, the password or the database name is wrong, or the account may not connect from this host. The password is never shown.',
  },
  DATABASE_CERTIFICATE: {
    exit: 8,
    title: 'the certificate of the database server proves nothing',
    text: 'The address asks for TLS, and the certificate is signed by nobody known here, out of date, or made out to another host name. The login was not sent. Name its authority with ssl_ca (PostgreSQL: sslrootcert), or say in the address that the certificate need not be verified.',
  },
  DATABASE_NOT_FOUND: {
    exit: 8,
    title: 'the database does not exist',
    text: 'The server answered, but has no database of that name; for SQLite, there is no such file. glance-retype never creates a database.',
  },
  DATABASE_FAILED: {
    exit: 8,
    title: 'the database answered with an error',
    text: 'A statement failed for a reason that is neither a lost connection nor a conflict worth retrying. The batch it belonged to was rolled back; everything committed before stays, and the same command goes on from there.',
  },
  DISK_FULL: {
    exit: 8,
    title: 'the database server has no room left',
    text: 'The disk of the server, or what this database may use of it, is full. The batch in hand was rolled back; everything committed before stays. Make room, then run the same command again.',
  },
  ROW_TOO_LARGE: {
    exit: 5,
    title: 'a table of the database can take no further column',
    text: 'Its rows have reached the limit of the engine. InnoDB keeps columns that were dropped instantly until the table is rebuilt: ALTER TABLE images FORCE gives the room back. PostgreSQL counts dropped columns as well. The statement was refused as a whole.',
  },
  DDL_FAILED: {
    exit: 8,
    title: 'a change of the schema failed',
    text: 'The server refused or broke off a CREATE, ALTER or DROP. What was made before it stays on engines whose DDL commits step by step, and is recorded: the same command goes on from there, and rollback takes it back.',
  },
  OUTCOME_UNKNOWN: {
    exit: 8,
    title: 'the answer to a COMMIT was lost and the outcome could not be read back',
    text: 'The connection broke while a batch was being committed, and the batch row that says whether it happened could not be read. Run the same command again: it looks for the batch first and repeats nothing that was done.',
  },
  DATABASE_BUSY: {
    exit: 8,
    title: 'the database kept refusing a batch',
    text: 'One batch met deadlocks or lock time-outs more often than the retry budget allows. It was rolled back each time. Run the same command again at a quieter hour or with a smaller --batch-size.',
  },
  CONNECTION_SHARED: {
    exit: 5,
    title: 'a proxy before the server shares its connections among clients',
    text: 'ProxySQL, MaxScale, RDS Proxy and their like give the connection of one client to the next, with the settings that were made on it, and may send statements to several servers. The tool recognises them before it sets anything. Name the direct address of the server that is written to. A proxy that passes bytes on (HAProxy in TCP mode) is fine. Nothing was set or written.',
  },
  SERVER_TOO_OLD: {
    exit: 5,
    title: 'the database server is too old',
    text: 'The tool needs MariaDB 10.3, MySQL 8.0, PostgreSQL 12 or SQLite 3.35 or later. Copy the database to a newer server, or dump it into SQLite, and plan there.',
  },
  NOT_GLANCE: {
    exit: 5,
    title: 'this is not a Glance database',
    text: 'There is no table `images` with the columns that every Glance since Cactus has. Check the database name in the address.',
  },
  GLANCE_TOO_OLD: {
    exit: 5,
    title: 'the Glance schema is older than Cactus',
    text: 'The table `images` still has the column `type` and no disk_format or container_format (Bexar). Let Glance 2011.2 upgrade it first (migration 003).',
  },
  GLANCE_HALF_MIGRATED: {
    exit: 5,
    title: 'a Glance upgrade stopped half-way',
    text: 'The tables show a state between two releases that no finished upgrade leaves behind. Finish or repair the upgrade with glance-manage first; each oddity is listed by name.',
  },
  TABLE_NOT_TRANSACTIONAL: {
    exit: 5,
    title: 'a table uses an engine without transactions',
    text: 'A table that would be written, or that evidence is read from, is stored in MyISAM or another engine without transactions, so a batch could not be undone. Convert it first: ALTER TABLE name ENGINE=InnoDB.',
  },
  COLUMN_UPDATES_ITSELF: {
    exit: 5,
    title: 'a column of images changes whenever a row is written',
    text: 'The table `images` has a column with ON UPDATE CURRENT_TIMESTAMP (no Glance makes one). Writing results would change it, and clients that ask for changes since a time would read every image again. Take the clause away, or use --target table.',
  },
  TRIGGER_WRITES: {
    exit: 5,
    title: 'a trigger or rule on images acts whenever a row is updated',
    text: 'The table `images` has a trigger (or, on PostgreSQL, a rule) that writes when a row is updated. Writing results would set it off for every image: it may change updated_at, or fill another table. Those of the Ocata upgrade are known and do nothing then. Drop it while the migration runs, or use --target table, which never writes to `images`.',
  },
  TABLE_VERSIONED: {
    exit: 5,
    title: 'images keeps its history (system versioning)',
    text: 'MariaDB keeps every old row of a table WITH SYSTEM VERSIONING, so writing results would double it, and the table refuses new columns. Take the versioning away, or use --target table, which never writes to `images`. plan, verify and gate read such a table like any other.',
  },
  ROWS_HIDDEN: {
    exit: 5,
    title: 'row-level security keeps rows from this account',
    text: 'A policy of PostgreSQL applies to the account, so that it may see only some of the images and would count the others as settled. Name an account that sees all of them. Nothing was written.',
  },
  DISK_ROOM: {
    exit: 5,
    title: 'the disk of the server has too little room for the journal',
    text: "The tool's own tables grow with the number of images. The file system that the server keeps this database on has less room than they will take. It is checked only where server and tool run on the same machine; elsewhere the size is named in the question before writing. Nothing was written.",
  },
  FOREIGN_COLUMN: {
    exit: 5,
    title: 'a result column exists that this tool did not make',
    text: "The table `images` already has a column of the name chosen for a result, and the tool's own tables do not say that it made it. Choose other names with --column-names, or use --target table.",
  },
  FOREIGN_TABLE: {
    exit: 5,
    title: "a table of the tool's name exists that this tool did not make",
    text: 'A table whose name starts with retype_ exists without the columns that this tool gives it. Rename or drop it if it is not needed.',
  },
  MISSING_GRANT: {
    exit: 5,
    title: 'the database user may not do what the command needs',
    text: 'Each table is named with the privileges that are missing on it. docs/privileges.md has the GRANT statements of every command for MariaDB, MySQL and PostgreSQL. Nothing was written.',
  },
  SERVER_READ_ONLY: {
    exit: 5,
    title: 'the server or file is read-only',
    text: 'The server runs with read_only, is a standby, or the SQLite file may not be written. Name the writable primary. Nothing was written.',
  },
  NOT_EXPANDED: {
    exit: 5,
    title: 'the database has not been expanded',
    text: "The command needs the tool's own tables. Run `glance-retype expand` first; it is online and can be undone.",
  },
  ALREADY_EXPANDED: {
    exit: 5,
    title: 'the database was expanded in another way',
    text: 'The target and the column names are chosen once, at expand, and remembered. To change them, run rollback (it undoes expand too) and expand again.',
  },
  META_UNKNOWN: {
    exit: 5,
    title: "the tool's own tables were made by another version",
    text: 'retype_meta names a schema version that this version does not know. Use the version that made it, or a newer one.',
  },
  RUN_MISMATCH: {
    exit: 5,
    title: 'a run used other rules, answers or evidence',
    text: 'A run was stopped half-way and the rules, the answers of --answers or the --probe mode have changed since; going on would mix two sets of decisions. Finish it with what it began with, or roll it back, or pass --new-run to close it where it stands and decide everything anew. verify and gate say the same when they are asked to compare with other answers or evidence than the run decided on.',
  },
  LEASE_HELD: {
    exit: 6,
    title: 'another run holds the lease',
    text: 'One runner works at a time. The holder is named with its host and process, and has just given a sign of life. A lease whose holder dies is taken over by the next command: at once where the process is known to be gone, else after half a minute without a sign of life.',
  },
  LEASE_WAIT_STOPPED: {
    exit: 3,
    title: 'stopped while waiting for the lease',
    text: 'The lease has a holder of which nobody knew whether it is alive, and a signal came while the command waited for a sign of life. Nothing was written.',
  },
  LEASE_LOST: {
    exit: 6,
    title: 'the lease was taken over by another run',
    text: 'This process was silent for longer than the lease lasts, and another runner took over. The batch in hand was rolled back; nothing is mixed.',
  },
  ROW_UNREADABLE: {
    exit: 5,
    title: 'a row violates what Glance promises',
    text: 'A row cannot be carried through faithfully: its status is NULL, or its key is. The row is named; the others are not affected.',
  },
  NO_SUCH_RUN: {
    exit: 2,
    title: 'there is no such run',
    text: 'The run named by --run is not in retype_runs. `glance-retype status` lists the runs.',
  },
  INTERNAL: {
    exit: 1,
    title: 'an internal error',
    text: 'This is a bug in glance-retype. A batch in hand was rolled back. Please report the message with the versions printed.',
  },
} as const satisfies Record<string, ErrorText>;

export type ErrorCode = keyof typeof ERRORS;

export const ERROR_CODES = Object.keys(ERRORS) as readonly ErrorCode[];
