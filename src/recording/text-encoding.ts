/** How a text's bytes become characters. What matters in a recording is ASCII in each of them. */
export type TextEncoding = 'latin1' | 'utf8-bom' | 'utf-16le' | 'utf-16be';

/** Characters of a text without a mark that tell UTF-16: every other byte of ASCII is 0. */
const LOOKED_AT = 32;

/** Told by the mark at the start, or by zeros: PowerShell's `>` writes UTF-16. */
export function encodingOf(start: Uint8Array): TextEncoding {
  const [a, b, c] = start;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf8-bom';
  const pairs = Math.min(LOOKED_AT, start.length >> 1);
  const zeros = [0, 0];
  for (let i = 0; i < 2 * pairs; i++) if (start[i] === 0) zeros[i % 2] += 1;
  if (pairs > 1 && zeros[1] === pairs && zeros[0] === 0) return 'utf-16le';
  return pairs > 1 && zeros[0] === pairs && zeros[1] === 0 ? 'utf-16be' : 'latin1';
}

/**
 * Decodes a text that comes in chunks, the encoding being told by the first. Latin-1 stands for
 * UTF-8 and Windows' code pages too: their other characters come only in names of processes.
 */
export class TextDecoding {
  private encoding: TextEncoding | null = null;
  private decoder: TextDecoder | null = null;

  decode(chunk: Buffer): string {
    if (this.encoding === null) {
      this.encoding = encodingOf(chunk);
      if (this.encoding.startsWith('utf-16')) this.decoder = new TextDecoder(this.encoding);
      if (this.encoding === 'utf8-bom') return chunk.toString('latin1', 3);
    }
    return this.decoder?.decode(chunk, { stream: true }) ?? chunk.toString('latin1');
  }
}
