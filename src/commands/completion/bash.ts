import { dashed } from '../words/dashed.ts';
import { namesOf } from '../words/describe.ts';
import type { CompletedCommand } from './completed.ts';

/**
 * A script for bash 4 and later. It holds every name, so that pressing TAB starts no program. Where it offers nothing,
 * bash completes file names.
 */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name);
  return `# Completes glance-retype in bash; printed by \`glance-retype completion bash\`.
_glance_retype() {
  local cur=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command='' options='' operands='' i
  COMPREPLY=()
  # bash takes --probe=all apart into three words.
  if [[ $cur == = ]]; then
    cur=''
  elif [[ $before == = ]]; then
    before=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${names.join(' | ')} | help)
        command=\${COMP_WORDS[i]}
        break
        ;;
    esac
  done
  case $command:$before in
${commands.flatMap(valueCases).join('\n')}
  esac
  case $command in
    '') options='--help --version' operands='${names.join(' ')} help' ;;
    help) operands='${names.join(' ')}' ;;
${commands.map(commandCase).join('\n')}
  esac
  if [[ $cur != -* && -n $operands ]]; then
    options=$operands
  elif [[ $cur != -* && $command =~ ^(${commands
    .filter(takesFiles)
    .map(({ name }) => name)
    .join('|')})$ ]]; then
    return
  fi
  COMPREPLY=($(compgen -W "$options" -- "$cur"))
}
complete -o bashdefault -o default -F _glance_retype glance-retype
`;
}

/** What follows an option that takes a value: its choices, or file names. */
function valueCases({ name: command, options }: CompletedCommand): readonly string[] {
  const taking = options.filter(({ takes }) => takes === 'value');
  const pattern = (option: (typeof taking)[number]): string =>
    namesOf(option)
      .map((name) => `${command}:${dashed(name)}`)
      .join(' | ');
  const files = taking.filter(({ choices }) => choices.length === 0).map(pattern);
  return [
    ...taking
      .filter(({ choices }) => choices.length > 0)
      .map(
        (option) => `    ${pattern(option)})
      COMPREPLY=($(compgen -W '${option.choices.join(' ')}' -- "$cur"))
      return
      ;;`,
      ),
    ...(files.length === 0 ? [] : [`    ${files.join(' | ')}) return ;;`]),
  ];
}

function commandCase({ name, options, operands }: CompletedCommand): string {
  const [first] = operands;
  return `    ${name}) options='${options.map((option) => dashed(option.name)).join(' ')}' operands='${(first?.choices ?? []).join(' ')}' ;;`;
}

function takesFiles({ operands: [first] }: CompletedCommand): boolean {
  return first !== undefined && first.choices.length === 0;
}
