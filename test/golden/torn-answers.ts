import { hashOf } from './golden-file.js';

type Tear = (line: string, at: number) => string;
const put =
  (text: string): Tear =>
  (line, at) =>
    line.slice(0, at) + text + line.slice(at + 1);

/** What may become of a line: cut off, or with one character left out, doubled or another. */
const TEARS: Record<string, Tear> = {
  cut: (line, at) => line.slice(0, at),
  without: put(''),
  doubled: (line, at) => line.slice(0, at) + line[at] + line.slice(at),
  blank: put(' '),
  digit: put('9'),
  mark: put(','),
};

/**
 * What a line is read as, then a letter for each of its places: how it is read when it is torn
 * there. A dot is as the whole, else the first letter of the answer; a capital tells that it
 * begins as the whole's does, such as another event. The hash is of all answers.
 */
export function tornAnswers(line: string, read: (line: string) => string): string[] {
  const whole = read(line);
  return [
    JSON.stringify(line),
    `  ${whole}`,
    ...Object.entries(TEARS).map(([name, tear]) => {
      const answers = Array.from({ length: line.length }, (_, at) => read(tear(line, at)));
      const letters = answers.map((answer) => letterOf(answer, whole)).join('');
      return `  ${name.padEnd(8)}${letters} ${hashOf(answers.join('\n'))}`;
    }),
  ];
}

function letterOf(answer: string, whole: string): string {
  if (answer === whole) return '.';
  return answer[0] === whole[0] ? answer[0].toUpperCase() : answer[0];
}
