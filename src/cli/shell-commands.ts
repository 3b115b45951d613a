import { Argument, type Command } from 'commander';
import { packageVersion } from '../disk/version.js';
import type { Console } from './console.js';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
type Shell = (typeof SHELLS)[number];

/** `completion` and `man`: the declarations of all other commands, for a shell and for `man`. */
export function addShellCommands(program: Command, console: Console): void {
  program
    .command('completion')
    .summary('print a script that completes commands, options and names')
    .description(
      'Prints a script for a shell. bash: source <(dpcbench completion bash). zsh: the same with ' +
        'zsh, after compinit. fish: dpcbench completion fish | source. PowerShell: dpcbench ' +
        'completion powershell | Out-String | Invoke-Expression.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .action(async (shell: Shell) => {
      const { commandsOf } = await import('./command-words.js');
      const { completionScript } = await import('./completion-script.js');
      console.out(completionScript(shell, await commandsOf(program)));
    });

  program
    .command('man')
    .summary('print the manual page')
    .description('Prints the manual page: dpcbench man > dpcbench.1; man ./dpcbench.1')
    .action(async () => {
      const { manualPage } = await import('./manual-page.js');
      console.out(manualPage(program, packageVersion()));
    });
}
