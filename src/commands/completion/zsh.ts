import { dashed } from '../words/dashed.ts';
import { namesOf, type OptionInfo } from '../words/describe.ts';
import { type CompletedCommand, shortText } from './completed.ts';

/** A script for zsh: to be read by a shell, or to be put into a directory of \`fpath\` as \`_glance-retype\`. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  const listed = commands.map(({ name, summary }) => `    ${quoted(`${name}:${shortText(summary)}`)}`);
  return `#compdef glance-retype
# Completes glance-retype in zsh; printed by \`glance-retype completion zsh\`.
_glance-retype() {
  local curcontext=$curcontext state line
  local -a commands=(
${listed.join('\n')}
    'help:shows the help of a command'
  )
  _arguments -C '(-h --help)'{-h,--help}'[shows help]' '(-V --version)'{-V,--version}'[shows the version]' '1:command:->command' '*::word:->words'
  case $state in
    command) _describe command commands ;;
    words)
      case $words[1] in
        help) _describe command commands ;;
${commands.map(commandCase).join('\n')}
      esac
      ;;
  esac
}
if [[ $funcstack[1] == _glance-retype ]]; then
  _glance-retype "$@"
else
  compdef _glance-retype glance-retype
fi
`;
}

function commandCase({ name, options, operands }: CompletedCommand): string {
  const specs = [...options.flatMap(optionSpecs), ...operands.map(operandSpec)];
  return `        ${name})
          _arguments \\
${specs.map((spec) => `            ${quoted(spec)}`).join(' \\\n')}
          ;;`;
}

/** The form that \`_arguments\` reads: \`--probe=[which images to read]:value:(all off)\`. */
function optionSpecs(option: OptionInfo): readonly string[] {
  const names = namesOf(option).map(dashed);
  const others = names.length > 1 && !option.repeatable ? `(${names.join(' ')})` : '';
  const text = shortText(option.text).replaceAll(/[[\]\\]/gu, String.raw`\$&`);
  return names.map((name) => {
    const value = option.takes === 'nothing' ? '' : `:value:${valuesOf(option)}`;
    const inline = option.takes === 'value' && name.startsWith('--') ? '=' : '';
    return `${option.repeatable ? '*' : others}${name}${inline}[${text}]${value}`;
  });
}

function operandSpec(operand: OptionInfo): string {
  return `${operand.repeatable ? '*' : ''}:${operand.name}:${valuesOf(operand)}`;
}

function valuesOf({ choices }: OptionInfo): string {
  return choices.length === 0 ? '_files' : `(${choices.join(' ')})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
