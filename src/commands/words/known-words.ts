import { plainly } from '../../model/nearest.ts';

/** Words that people try in place of a command, with what to do instead. */
interface Meaning {
  readonly words: readonly string[];
  readonly advice: string;
}

const PLAN = '`glance-retype plan` shows what would happen to every image, and writes nothing to the database';
const STATUS = '`glance-retype status` shows what was done, what is left and the next command; it writes nothing';
const VERIFY = '`glance-retype verify` compares what is stored with what would be decided now; it writes nothing';
const UNDO = '`glance-retype rollback --dry-run` shows what rollback would undo, and writes nothing';
const OTHER_TOOL = 'that is a word of glance-manage, which changes the schema of Glance itself';

/**
 * No advice names a command that writes, save for words that ask for one; those get the command with --dry-run.
 * Somebody who looks around must not be led to change a database.
 */
const MEANINGS: readonly Meaning[] = [
  {
    words: ['check', 'preflight', 'precheck', 'health', 'healthcheck', 'doctor'],
    advice: `${PLAN}. \`verify\` compares what is stored, and \`gate\` says whether the cutover may go ahead; both only read`,
  },
  {
    words: [
      'dry-run',
      'preview',
      'simulate',
      'simulation',
      'analyze',
      'analyse',
      'analysis',
      'assess',
      'audit',
      'scan',
    ],
    advice: PLAN,
  },
  { words: ['test', 'try', 'trial', 'noop', 'what-if', 'estimate', 'report', 'summary'], advice: PLAN },
  { words: ['run', 'start', 'begin', 'go', 'init', 'setup', 'prepare', 'install', 'execute', 'apply'], advice: PLAN },
  { words: ['upgrade', 'update', 'sync', 'convert', 'conversion', 'transform', 'retype', 'fix'], advice: PLAN },
  {
    words: ['list', 'ls', 'images', 'show-images', 'image-list', 'export', 'dump', 'backup', 'csv', 'json', 'html'],
    advice: `${PLAN}; --json, --csv or --html FILE writes every image into a file`,
  },
  {
    words: ['info', 'state', 'progress', 'history', 'runs', 'jobs', 'ps', 'log', 'logs', 'current', 'monitor', 'watch'],
    advice: STATUS,
  },
  { words: ['continue', 'resume', 'restart', 'retry', 'next'], advice: STATUS },
  {
    words: ['stop', 'pause', 'abort', 'cancel', 'kill', 'quit', 'exit'],
    advice: `a run ends in order on Ctrl-C or SIGTERM. ${STATUS}`,
  },
  { words: ['validate', 'validation', 'checksum', 'confirm'], advice: VERIFY },
  {
    words: ['ready', 'readiness', 'cutover', 'go-no-go'],
    advice: '`glance-retype gate` says by its exit code whether the cutover may go ahead; it writes nothing',
  },
  {
    words: ['show', 'describe', 'inspect', 'why', 'trace', 'image', 'get', 'debug'],
    advice: '`glance-retype explain IMAGE_ID` shows how one image is decided; it writes nothing',
  },
  {
    words: ['answer', 'answers', 'decide', 'decisions', 'ask', 'edit', 'interactive', 'review'],
    advice: '`glance-retype questions FILE` asks the questions that `plan --questions FILE` wrote',
  },
  {
    words: ['identify', 'detect', 'file', 'format', 'sniff', 'qemu-img'],
    advice: '`glance-retype probe FILE` says what an image file is; it writes nothing',
  },
  {
    words: ['rule', 'policy', 'table', 'lint'],
    advice: '`glance-retype rules show` prints the rules; it writes nothing',
  },
  {
    words: ['compare', 'changes', 'delta'],
    advice: '`glance-retype diff BEFORE [AFTER]` compares two plans; it writes nothing',
  },
  {
    words: ['config', 'configure', 'conf', 'settings', 'connect', 'login', 'database'],
    advice: `there is nothing to configure: the database is named by options. ${PLAN}`,
  },
  { words: ['man', 'manual', 'docs', 'usage', 'commands', '?'], advice: '`glance-retype help` lists the commands' },
  { words: ['undo', 'revert', 'restore', 'downgrade', 'rollback-all', 'back-out'], advice: UNDO },
  {
    words: ['cleanup', 'clean', 'finish', 'finalize', 'remove', 'uninstall', 'delete', 'drop', 'purge', 'reset'],
    advice: STATUS,
  },
  { words: ['migration', 'migrations'], advice: PLAN },
  {
    words: ['db', 'db sync', 'db upgrade', 'db expand', 'db migrate', 'db contract'],
    advice: `${OTHER_TOOL}. ${PLAN}`,
  },
  { words: ['db check', 'db version', 'glance-manage', 'manage'], advice: `${OTHER_TOOL}. ${STATUS}` },
  {
    words: [
      'load_metadefs',
      'unload_metadefs',
      'export_metadefs',
      'db load_metadefs',
      'db unload_metadefs',
      'db purge',
    ],
    advice: `${OTHER_TOOL}; this tool has nothing like it. \`glance-retype help\` lists the commands`,
  },
];

const ADVICE = new Map(MEANINGS.flatMap(({ words, advice }) => words.map((word) => [plainly(word), advice] as const)));

/** The words that have an advice, as they are compared. */
export const KNOWN_WORDS: readonly string[] = [...ADVICE.keys()];

/**
 * Says what to do instead of a word that is no command.
 * @param following the word after it: `sync` in `db sync`.
 * @returns null where the word is not known.
 */
export function adviceFor(word: string, following: string | undefined): string | null {
  const pair = following === undefined ? undefined : ADVICE.get(plainly(`${word}${following}`));
  return pair ?? ADVICE.get(plainly(word)) ?? null;
}
