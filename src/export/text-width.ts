import stringWidth from 'string-width';

/** Columns that a text takes on a terminal: two for a wide character (CJK). */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** The text in `width` columns at most, with an ellipsis where something is left out. */
export function cutToWidth(text: string, width: number): string {
  return widthOf(text) > width ? `${takeWidth(text, width - 1)}…` : text;
}

/** As much of the beginning as `width` columns hold, never half of a character. */
export function takeWidth(text: string, width: number): string {
  let taken = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (widthOf(taken) + widthOf(segment) > width) break;
    taken += segment;
  }
  return taken;
}

/** Lines of `width` columns at most: a word that is longer than a line is cut. */
export function hardBreak(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (widthOf(rest) > width) {
    // A single character may be wider than the line.
    const line = takeWidth(rest, width) || [...rest][0];
    lines.push(line);
    rest = rest.slice(line.length);
  }
  return [...lines, rest];
}

/** The text and spaces behind it up to `width` columns. */
export function padToWidth(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
