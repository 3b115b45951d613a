import { FONT } from './appearance.js';

let measuring: CanvasRenderingContext2D | null = null;

/** Width in CSS pixels of a label. */
export function textWidth(text: string, font = FONT): number {
  measuring ??= document.createElement('canvas').getContext('2d')!;
  measuring.font = font;
  return measuring.measureText(text).width;
}

/** The text, or as much of it as fits with an ellipsis. Names are of any length. */
export function fitText(text: string, width: number, font = FONT): string {
  if (text.length <= 400 && textWidth(text, font) <= width) return text;
  const letters = [...text.slice(0, 400)];
  let low = 0;
  let high = letters.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (textWidth(`${letters.slice(0, middle).join('')}…`, font) <= width) low = middle;
    else high = middle - 1;
  }
  return `${letters.slice(0, low).join('')}…`;
}

/** Keeps a name's writing direction to itself when it stands in a longer label. */
export function isolate(name: string): string {
  return `\u2068${name}\u2069`;
}
