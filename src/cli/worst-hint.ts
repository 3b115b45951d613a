import { shellCommand } from './shell-words.js';

/** Options of `run` by which `worst` finds the same wait, short and long. */
const SHARED = [
  ['--set'],
  ['-p', '--policy'],
  ['--policy-file'],
  ['-s', '--seed'],
  ['-n', '--interrupts'],
  ['-t', '--time'],
  ['--shards'],
  ['--warmup'],
].flat();
/** With these a run is another one than `worst` carries out, or its subject is gone. */
const OTHER_RUN = ['--precision', '--stamp', '--shard'];

/**
 * The command that tells the longest wait of a run: `dpcbench worst` with the options of the run
 * that change its waits. Null where `worst` cannot do the same run.
 */
export function worstCommand(what: string, args: readonly string[]): string | null {
  const isOf = (arg: string, option: string): boolean =>
    arg === option ||
    arg.startsWith(`${option}=`) ||
    (!option.startsWith('--') && arg.startsWith(option));
  if (what === '-' || args.some((arg) => OTHER_RUN.some((option) => isOf(arg, option))))
    return null;
  const kept = args.flatMap((arg, i) => {
    const option = SHARED.find((one) => isOf(arg, one));
    if (option === undefined) return [];
    const hasOwnValue = arg !== option;
    return hasOwnValue ? [arg] : [arg, args[i + 1]];
  });
  return shellCommand(['dpcbench', 'worst', what, ...kept]);
}
