import type { CommandEntry } from './session/command.ts';

/** Every command, in the order of a migration. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'plan',
    summary: 'decides every image and reports the result; writes nothing to the database',
    operands: '',
    examples: [
      ['--questions answers.yaml', 'writes the undecided images as questions'],
      ['--answers answers.yaml', 'what the answers change'],
    ],
    load: async () => (await import('./plan.ts')).planCommand,
  },
  {
    name: 'questions',
    summary: 'asks the questions of a file on a terminal and writes the answers into that file; writes nothing else',
    operands: '<file>',
    examples: [
      ['answers.yaml', 'asks one question after another'],
      ['answers.yaml --list --fail-on unanswered', 'for scripts: exit code 4 while a question is open'],
    ],
    load: async () => (await import('./questions/questions.ts')).questionsCommand,
  },
  {
    name: 'rehearse',
    summary:
      'migrates a copy in a scratch schema, kills that on the way, and certifies what to expect; never writes to the source',
    operands: '',
    examples: [
      ['--answers answers.yaml', 'in a scratch schema on the same server'],
      ['--certificate rehearsal.json --kills 20', 'the certificate also as a file'],
    ],
    load: async () => (await import('./rehearse/rehearse.ts')).rehearseCommand,
  },
  {
    name: 'expand',
    summary: "adds the result columns and the tool's own tables while Glance runs",
    operands: '',
    examples: [
      ['--dry-run', 'the statements that would run'],
      ['--yes', 'result columns on images, without the question'],
      ['--target table', 'images stays as it is; results are in the view retype_images'],
    ],
    load: async () => (await import('./expand.ts')).expandCommand,
  },
  {
    name: 'migrate',
    summary: 'decides and writes in batches, each one transaction; continues where it stopped',
    operands: '',
    examples: [
      ['--dry-run', 'how many images would be written, decision by decision'],
      ['--answers answers.yaml', 'with the answers of a person'],
      ['--max-latency 50', 'on a busy server'],
      ['--shard 1/4', 'one of four processes'],
    ],
    load: async () => (await import('./migrate.ts')).migrateCommand,
  },
  {
    name: 'verify',
    summary: 'reads and decides everything again and compares the result with what is stored; writes nothing',
    operands: '',
    examples: [['--answers answers.yaml', 'with the options that migrate was given']],
    load: async () => (await import('./verify.ts')).verifyCommand,
  },
  {
    name: 'gate',
    summary: 'says by its exit code whether the cutover may go ahead, and why not; writes nothing',
    operands: '',
    examples: [
      ['--json', 'the result and every reason, for a playbook'],
      ['--openstack RUNNING..COMING --probe all', 'also: which images will Nova refuse after that upgrade?'],
      ['--node-conf api1.conf --node-conf api2.conf,api2.d', 'compares the formats that two API nodes accept'],
    ],
    load: async () => (await import('./gate.ts')).gateCommand,
  },
  {
    name: 'status',
    summary: 'shows runs, progress, who holds the lease and what remains to be done; writes nothing',
    operands: '',
    examples: [['--json', 'what was done, what is left and the next command, for a program']],
    load: async () => (await import('./status.ts')).statusCommand,
  },
  {
    name: 'rollback',
    summary: 'undoes runs, row by row where the result is unchanged since; resumable',
    operands: '',
    examples: [
      ['--dry-run', 'what would be undone'],
      ['--yes', 'everything, and expand too, without the question'],
      ['--run 3', 'run 3 and all later ones'],
    ],
    load: async () => (await import('./rollback.ts')).rollbackCommand,
  },
  {
    name: 'contract',
    summary: "after the cutover: drops the tool's own tables and keeps the results; no rollback is possible afterwards",
    operands: '',
    examples: [
      ['--dry-run', 'what would be dropped'],
      ['--yes', 'drops it without the question'],
    ],
    load: async () => (await import('./contract.ts')).contractCommand,
  },
  {
    name: 'explain',
    summary:
      'shows how one image is decided and what to do about it; the evidence, every rule and what is stored with --full; writes nothing',
    operands: '[image]',
    examples: [
      ['IMAGE_ID', 'one image, by its id or its name'],
      ['IMAGE_ID --openstack RELEASE --probe all', 'also: what do the services of that release do with it?'],
    ],
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  {
    name: 'diff',
    summary: 'compares two plans, or a plan with the database as it is now; shows what changed and why; writes nothing',
    operands: '<before> [after]',
    examples: [
      ['monday.json tuesday.json', 'two plans that were written with plan --json'],
      ['monday.json', 'an earlier plan and the database now'],
    ],
    load: async () => (await import('./diff/diff.ts')).diffCommand,
  },
  {
    name: 'rules',
    summary:
      'check: are your rules valid, and what would they change? show: prints the table with its reasons; writes nothing',
    operands: '<action> [files..]',
    examples: [
      ['check mine.yaml --config-file glance-api.conf', 'what each row of mine.yaml changes'],
      ['show --section tuples', 'one section of the table'],
    ],
    load: async () => (await import('./rules.ts')).rulesCommand,
  },
  {
    name: 'probe',
    summary:
      'reads files and URLs and says what they are: type, container, envelope, dangers, and what OpenStack does with them; writes nothing',
    operands: '<source..>',
    examples: [
      ['image.qcow2 https://example.org/image.vmdk', 'a file and an address'],
      ['- < names.txt', 'one name on each line'],
      ['--openstack RELEASE image.img', 'under which disk formats do Nova, Glance, Cinder and Ironic take it?'],
      ['--openstack RELEASE --disk-format raw image.img', 'as raw: taken or refused, by which check, what helps?'],
    ],
    load: async () => (await import('./probe/probe.ts')).probeCommand,
  },
  {
    name: 'completion',
    summary: 'prints a script that completes commands, options and files in bash or zsh; writes nothing',
    operands: '[shell]',
    examples: [
      ['bash > /etc/bash_completion.d/glance-retype', 'for everybody on this machine'],
      ['zsh > /usr/local/share/zsh/site-functions/_glance-retype', 'the same for zsh'],
    ],
    load: async () => (await import('./completion/completion.ts')).completionCommand(commands),
  },
];
