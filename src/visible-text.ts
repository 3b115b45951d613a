/**
 * What a terminal obeys, and what reorders or hides text: controls (C0, C1), line and paragraph
 * separators, marks of direction, halves of surrogates, tags. Joiners stay: words need them.
 */
const OBEYED = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff\u{e0000}-\u{e007f}]/gu;
const OBEYED_IN_A_TEXT = new RegExp(`(?![\n\t])${OBEYED.source}`, 'gu');
/** Most text is this, and found to be so many times faster. */
const PLAIN = /^[\n\t\x20-\x7e]*$/;

/** Text of any number of lines with everything in them that a terminal would obey as an escape. */
export function visibleText(text: string): string {
  return PLAIN.test(text) ? text : text.replace(OBEYED_IN_A_TEXT, escapeOf);
}

/** Text that becomes a part of a line, made visible: an end of a line is an escape too. */
export function visibleLine(text: string): string {
  return text.replace(OBEYED, escapeOf);
}

/** JSON without indentation that means the same: what JSON allows as it is becomes its escape. */
export function visibleJson(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(OBEYED_IN_A_TEXT, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

/** `\u{1b}`. */
export function escapeOf(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
