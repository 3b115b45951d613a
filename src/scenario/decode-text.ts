import { InputError } from '../errors.js';

/**
 * The text of a file: UTF-8, or UTF-16 with its mark, as some editors and shells write it. The
 * mark is no part of the text. `file` is for messages. Throws InputError for other bytes.
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  const [first, second] = bytes;
  const isLittle = first === 0xff && second === 0xfe;
  const isBig = first === 0xfe && second === 0xff;
  const encoding = isLittle ? 'utf-16le' : isBig ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    const message = `the file is not text in ${encoding.toUpperCase()}`;
    const hint = 'save it as UTF-8';
    throw new InputError([{ file, line: null, column: null, path: '', message, hint }]);
  }
}
