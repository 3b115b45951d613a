import type { Command } from 'commander';

const NAMES_A_FILE = /<(file|folder)>$/;

/**
 * Refuses an option that names one file or folder where it comes again: the last one would count,
 * and nobody would miss the others until they are looked for. What may be repeated gathers its
 * values in a list; of other options the last one counts, so that a line can be added to.
 */
export function refuseLostFiles(program: Command): void {
  for (const command of program.commands) {
    for (const option of command.options.filter(({ flags }) => NAMES_A_FILE.test(flags))) {
      let isGiven = false;
      command.on(`option:${option.name()}`, () => {
        const isList = Array.isArray(command.getOptionValue(option.attributeName()));
        if (isGiven && !isList) {
          command.error(`error: option '${option.flags}' is given twice: one would be lost`);
        }
        isGiven = true;
      });
    }
  }
}
