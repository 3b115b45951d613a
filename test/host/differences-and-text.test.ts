import { describe, expect, it } from 'vitest';
import { decodeText } from '../../src/scenario/decode-text.js';
import { firstDifference } from '../../src/stats/first-difference.js';

describe('the first difference of two values', () => {
  it.each<[unknown, unknown, string | null]>([
    [{ x: { y: 1 } }, { x: { y: 1 } }, null],
    [{ x: { y: 1 } }, { x: 5 }, 'x'],
    [{ x: 5 }, { x: { y: 1 } }, 'x'],
    [{ x: null }, { x: {} }, 'x'],
    [[{ a: 1 }, { a: [2, 3] }], [{ a: 1 }, { a: [2, 4] }], '[1].a[1]'],
    [[1], { 0: 1 }, ''],
    [[1], [1, 2], '[1]'],
    [{ a: 1, b: 2 }, { b: 3, a: 1 }, 'b'],
    [NaN, NaN, null],
    [0, -0, ''],
  ])('of %j and %j is at %j', (a, b, path) => {
    expect(firstDifference(a, b)).toBe(path);
  });
});

describe('the text of a file', () => {
  it.each<[number[], string]>([
    [[0x61, 0xc2, 0xb5], 'aµ'],
    [[0xef, 0xbb, 0xbf, 0x61], 'a'],
    [[0xff, 0xfe, 0x61, 0x00], 'a'],
    [[0xfe, 0xff, 0x00, 0x61], 'a'],
    [[], ''],
  ])('is read by its mark: %j', (bytes, text) => {
    expect(decodeText(Uint8Array.from(bytes), 'f')).toBe(text);
  });

  it.each<[number[], string]>([
    [[0xff, 0x61], 'UTF-8'],
    [[0x61, 0xfe], 'UTF-8'],
    [[0xfe, 0x61], 'UTF-8'],
    [[0x61, 0xff], 'UTF-8'],
    [[0xff, 0xfe, 0x00, 0xd8], 'UTF-16LE'],
    [[0xfe, 0xff, 0xd8, 0x00], 'UTF-16BE'],
  ])('is refused where it is none: %j', (bytes, encoding) => {
    const read = (): unknown => decodeText(Uint8Array.from(bytes), 'f');
    expect(read).toThrow(`the file is not text in ${encoding} (save it as UTF-8)`);
  });
});
