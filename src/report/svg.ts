import { escapeHtml } from './html.js';

/**
 * Pieces of the charts that are made with the page. They are drawn without a view box: lengths
 * across are per cent, lengths down are pixels, so that a chart fits any width and its letters keep
 * their size.
 */

/** A policy's marker; every shape once, solid and then hollow. */
const SHAPES = [
  '<circle r="5.5"/>',
  '<path d="M-4.2-4.2h8.4v8.4h-8.4z"/>',
  '<path d="M0-6.2L5.8 4.4H-5.8z"/>',
  '<path d="M0-6.2L6.2 0L0 6.2L-6.2 0z"/>',
  '<path d="M0 6.2L5.8-4.4H-5.8z"/>',
];
const MARKERS = 2 * SHAPES.length;
/** By the letter of their ids: one that stands alone, and one of many along a line. */
const MARKER_SIZES = { m: 1, s: 0.7 };

/** What `markerId` names, so many times as large. */
export function markerShapes(size: keyof typeof MARKER_SIZES): string {
  const scale = MARKER_SIZES[size];
  const transform = scale === 1 ? '' : ` transform="scale(${scale})"`;
  return Array.from({ length: MARKERS }, (_, i) => {
    const kind = i < SHAPES.length ? '' : ' class="hollow"';
    return `<g id="${markerId(i, size)}"${kind}${transform}>${SHAPES[i % SHAPES.length]}</g>`;
  }).join('');
}

export function markerId(policy: number, size: keyof typeof MARKER_SIZES): string {
  return `${size}${policy % MARKERS}`;
}

/** Stands once on a page; every marker on it is a reference to one of these. */
export const MARKER_DEFINITIONS =
  '<svg class="unseen" aria-hidden="true" width="0" height="0"><defs>' +
  markerShapes('m') +
  '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" ' +
  'orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs></svg>';

/** `share` of the width, as an attribute's value. */
export function across(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}

/** `alike`: policies that lie there as well. They have no marker, but lend it their colour. */
export function marker(
  policy: number,
  x: number,
  y: number,
  alike: readonly number[] = [],
): string {
  const names = [policy, ...alike].map((each) => ` p${each}`).join('');
  return `<use href="#m${policy % MARKERS}" class="p${names}" x="${across(x)}" y="${round(y)}"/>`;
}

/** A policy's marker on its own, to stand beside its name. */
export function swatch(policy: number): string {
  return (
    '<svg class="swatch" aria-hidden="true" width="14" height="14">' +
    `<use href="#m${policy % MARKERS}" class="p p${policy}" x="7" y="7"/></svg>`
  );
}

export function line(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  name: string,
): string {
  return (
    `<line class="${name}" x1="${across(x1)}" y1="${round(y1)}" ` +
    `x2="${across(x2)}" y2="${round(y2)}"/>`
  );
}

export function label(
  text: string,
  x: string,
  y: number,
  { name = 't', anchor = 'start' }: { name?: string; anchor?: 'start' | 'middle' | 'end' } = {},
): string {
  const at = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  return `<text class="${name}" x="${x}" y="${round(y)}"${at}>${escapeHtml(text)}</text>`;
}

/** Width in pixels of a text of 12.5 px, roughly; names of any script. */
export function roughWidth(text: string): number {
  let width = 0;
  for (const letter of text.slice(0, 400)) {
    width += letter.codePointAt(0)! >= 0x1100 ? 13 : /[iljtfr.,:;' |-]/.test(letter) ? 4.5 : 7.4;
  }
  return width;
}

/** As much of a name as fits. */
export function shortened(text: string, width: number): string {
  if (roughWidth(text) <= width) return text;
  const letters = [...text.slice(0, 400)];
  while (letters.length > 1 && roughWidth(`${letters.join('')}…`) > width) letters.pop();
  return `${letters.join('')}…`;
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

/** Breaks a sentence at spaces into lines of so many characters at most; a longer word is cut. */
export function foldWords(text: string, most: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    const longer = last === '' ? word.slice(0, most) : `${last} ${word}`;
    if (longer.length <= most) lines[lines.length - 1] = longer;
    else lines.push(word.slice(0, most));
  }
  return lines;
}
