import type { PlayState } from './play-state.js';

/** Every letter that no shell reads otherwise. */
const PLAIN = /^[\w./,:=@%+-]+$/;

/** The command whose figures are those of the page, to the last digit. */
export function commandLineOf({ scenario, policies, seed, interrupts }: PlayState): string {
  const words = ['dpcbench', 'run', 'name' in scenario ? scenario.name : scenario.file];
  words.push('-p', policies.join(','), '-s', String(seed));
  if (interrupts !== null) words.push('-n', String(interrupts));
  return words.map(quoted).join(' ');
}

/** As a POSIX shell wants it. */
function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
