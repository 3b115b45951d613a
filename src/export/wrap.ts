import { widthOf } from './text-width.js';

/** Where a line may end: not between a number and its unit. */
const BREAK = /(?<!\d) | (?!(?:[nµm]?s|%)(?![\p{L}\d]))/u;

/** Breaks text at spaces into lines of `width` columns at most; a longer word has its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(BREAK)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  lines.push(line);
  return lines;
}
