import type { CommandWords, OptionWords } from './command-words.js';

const PROGRAM = 'dpcbench';
const HELP: OptionWords = {
  long: '--help',
  short: 'h',
  description: 'explain a command',
  value: 'none',
  words: [],
};

/** A script that completes command lines; all words are known when it is made. */
export function completionScript(
  shell: 'bash' | 'zsh' | 'fish' | 'powershell',
  commands: readonly CommandWords[],
): string {
  const all = commands.map((command) => ({ ...command, options: [...command.options, HELP] }));
  return { bash, zsh, fish, powershell }[shell](all);
}

const flagsOf = ({ long, short }: OptionWords): string[] => [
  ...(short === '' ? [] : [`-${short}`]),
  ...(long === '' ? [] : [long]),
];

/** Cases of `COMMAND FLAG`, by what completes the value. */
function valueCases(commands: readonly CommandWords[]): { pattern: string; option: OptionWords }[] {
  return commands.flatMap(({ name, options }) =>
    options
      .filter(({ value }) => value !== 'none')
      .map((option) => ({
        pattern: flagsOf(option)
          .map((flag) => `"${name} ${flag}"`)
          .join(' | '),
        option,
      })),
  );
}

function bash(commands: readonly CommandWords[]): string {
  const values = valueCases(commands).map(({ pattern, option: { value, words } }) => {
    const made =
      value === 'file'
        ? 'COMPREPLY=($(compgen -f -- "$cur"))'
        : value === 'word'
          ? `COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$cur"))`
          : 'COMPREPLY=()';
    return `    ${pattern}) ${made}; return ;;`;
  });
  const cases = commands.map(
    ({ name, options, names, takesFiles }) =>
      `    ${name}) options="${options.flatMap(flagsOf).join(' ')}" ` +
      `names="${names.join(' ')}" files=${takesFiles ? 1 : ''} ;;`,
  );
  return `# bash completion of ${PROGRAM}: source <(${PROGRAM} completion bash)
_${PROGRAM}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  local command= options= names= files= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in -*) ;; *) command=\${COMP_WORDS[i]}; break ;; esac
  done
  case "$command $prev" in
${values.join('\n')}
  esac
  case $command in
    '') options="-h --help -V --version" names="${commands.map(({ name }) => name).join(' ')}" ;;
${cases.join('\n')}
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
  else
    COMPREPLY=($(compgen -W "$names" -- "$cur"))
    [[ -z $files ]] || COMPREPLY+=($(compgen -f -- "$cur"))
  fi
}
complete -o filenames -F _${PROGRAM} ${PROGRAM}
`;
}

/** A text within single quotes of a shell. */
function single(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function zsh(commands: readonly CommandWords[]): string {
  // Within brackets of _arguments a bracket, a colon and a backslash have to be escaped.
  const plain = (text: string): string => text.replace(/[[\]:\\]/g, '\\$&');
  const specOf = (option: OptionWords): string => {
    const flags = flagsOf(option);
    const value = {
      none: '',
      file: ':file:_files',
      word: `:value:(${option.words.join(' ')})`,
      other: ':value: ',
    }[option.value];
    const described = `[${plain(option.description)}]${value}`;
    return flags.map((flag) => `      ${single(`*${flag}${described}`)}`).join(' \\\n');
  };
  const cases = commands.map(({ name, options, names, takesFiles }) => {
    const words = names.length === 0 ? [] : [`'names:name:(${names.join(' ')})'`];
    const files = takesFiles ? [`'files:file:_files'`] : [];
    const both = [...words, ...files].join(' ');
    const rest = both === '' ? '' : ` \\\n      "*:argument:{_alternative ${both}}"`;
    return `    ${name})\n      _arguments -s \\\n${options.map(specOf).join(' \\\n')}${rest} ;;`;
  });
  const described = commands.map(({ name, summary }) => single(`${name}:${plain(summary)}`));
  return `#compdef ${PROGRAM}
# zsh completion of ${PROGRAM}: source <(${PROGRAM} completion zsh), after compinit
_${PROGRAM}() {
  local -a commands=(
    ${described.join('\n    ')}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${cases.join('\n')}
  esac
}
compdef _${PROGRAM} ${PROGRAM}
`;
}

function fish(commands: readonly CommandWords[]): string {
  const all = `complete -c ${PROGRAM}`;
  const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;
  const lines = commands.flatMap(({ name, summary, options, names, takesFiles }) => {
    const within = `${all} -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `${all} -f -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...(names.length === 0 ? [] : [`${within} -a ${quoted(names.join(' '))}`]),
      ...(takesFiles ? [`${within} -F`] : [`${within} -f`]),
      ...options.map(({ long, short, description, value, words }) => {
        const flags = [
          ...(short === '' ? [] : [`-s ${short}`]),
          ...(long === '' ? [] : [`-l ${long.slice(2)}`]),
        ];
        const takes = {
          none: '',
          file: ' -r -F',
          word: ` -x -a ${quoted(words.join(' '))}`,
          other: ' -x',
        }[value];
        return `${within} ${flags.join(' ')}${takes} -d ${quoted(description)}`;
      }),
    ];
  });
  return [`# fish completion: ${PROGRAM} completion fish | source`, ...lines, ''].join('\n');
}

function powershell(commands: readonly CommandWords[]): string {
  const quoted = (text: string): string => `'${text.replace(/['‘’‚‛]/g, '$&$&')}'`;
  const list = (words: readonly string[]): string => `@(${words.map(quoted).join(', ')})`;
  const entries = commands.map(({ name, options, names, takesFiles }) => {
    const values = options
      .filter(({ value }) => value === 'word')
      .flatMap((option) =>
        flagsOf(option).map((flag) => `${quoted(flag)} = ${list(option.words)}`),
      );
    return (
      `    ${quoted(name)} = @{ Options = ${list(options.flatMap(flagsOf))}; ` +
      `Names = ${list(names)}; Files = $${takesFiles}; Values = @{ ${values.join('; ')} } }`
    );
  });
  return `# PowerShell completion: ${PROGRAM} completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ${PROGRAM} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $known = [ordered]@{
${entries.join('\n')}
  }
  $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
  if ($wordToComplete -ne '') { $words = @($words | Select-Object -SkipLast 1) }
  $command = @($words | Select-Object -Skip 1 | Where-Object { $_ -notlike '-*' })[0]
  $candidates = if (-not $command) { @($known.Keys) }
  elseif (-not $known.Contains($command)) { @() }
  elseif ($known[$command].Values.ContainsKey($words[-1])) { $known[$command].Values[$words[-1]] }
  elseif ($wordToComplete -like '-*') { $known[$command].Options }
  else { $known[$command].Names }
  $candidates | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}
