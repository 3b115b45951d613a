/** Words as a shell takes them for one command line; quoted where it would read them otherwise. */
export function shellCommand(
  words: readonly string[],
  platform: NodeJS.Platform = process.platform,
): string {
  return words.map(platform === 'win32' ? powershellWord : shellWord).join(' ');
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A backslash, which is in most paths there, means itself. */
function powershellWord(word: string): string {
  return /^[\w%+=:,./\\-]+$/.test(word) ? word : `'${word.replaceAll("'", "''")}'`;
}
