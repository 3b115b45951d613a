import { describe, expect, it } from 'vitest';
import { csvCells, decimalMark, readDecimal } from '../../src/recording/csv-cells.js';
import { routineFormatOf } from '../../src/recording/find-routine-format.js';

describe('cells of a table', () => {
  it.each([
    ['', ','],
    ['a', ',', 'a'],
    ['a,b', ',', 'a', 'b'],
    [' a , b ', ',', 'a', 'b'],
    ['a,', ',', 'a', ''],
    [',', ',', '', ''],
    ['"a"', ',', 'a'],
    ['"a",', ',', 'a', ''],
    ['"a,b",c', ',', 'a,b', 'c'],
    [' "a" x , c', ',', 'a', 'c'],
    ['a,"b,c"', ',', 'a', 'b,c'],
    ['a,  "b"', ',', 'a', 'b'],
    ['"a""b",c', ',', 'a"b', 'c'],
    ['"""a""",c', ',', '"a"', 'c'],
    ['"a""""b",c', ',', 'a""b', 'c'],
    ['"a""', ',', 'a"'],
    ['"a,b', ',', 'a,b'],
    ['"', ',', ''],
    ['a"b,c', ',', 'a"b', 'c'],
    ['"a" ;b;', ';', 'a', 'b', ''],
    ['"a"\tb', '\t', 'a', 'b'],
    ['"",""', ',', '', ''],
  ] as [string, string, ...string[]][])('in %j, between %j', (line, delimiter, ...cells) => {
    expect(csvCells(line, delimiter)).toEqual(line === '' ? [''] : cells);
  });
});

describe('the mark before decimals', () => {
  it.each([
    [[], null],
    [['1', '-2', 'x', ''], null],
    [['1,234', '12.345', '-999,000'], null],
    [['1,234', '0,0812'], ','],
    [['0,123'], ','],
    [['-0.123'], '.'],
    [['1234,567'], ','],
    [['1.5'], '.'],
    [['1,23'], ','],
    [['39.992,9'], ','],
    [['39,992.9'], '.'],
    [['1.234.567'], ','],
    [['1,234,567'], '.'],
    [["1'234,567"], ','],
    [['1 234.5'], '.'],
    [['.5', 'a.b', '5.'], '.'],
  ] as [string[], string | null][])('of %j is %j', (numbers, mark) => {
    expect(decimalMark(numbers)).toBe(mark);
  });
});

describe('a decimal number', () => {
  it.each([
    ['0', '.', [0, 0, 0]],
    ['12.5', '.', [12, 500_000_000, 1]],
    ['12,5', ',', [12, 500_000_000, 1]],
    ['12,5', '.', [125, 0, 0]],
    ['1,234.000000001', '.', [1234, 1, 9]],
    ['0.1234567891', '.', [0, 123_456_789, 9]],
    ['5.', '.', [5, 0, 0]],
    ['999999999999999', '.', [999_999_999_999_999, 0, 0]],
    ['1000000000000000', '.', null],
    ["1'234\u00a0567", '.', [1_234_567, 0, 0]],
    ['-1', '.', null],
    ['.5', '.', null],
    ['1.2.3', '.', null],
    ['1e5', '.', null],
    ['', '.', null],
  ] as [string, '.' | ',', number[] | null][])('%j by %j is %j', (written, mark, parts) => {
    const read = readDecimal(written, mark);
    expect(read === null ? null : [read.whole, read.billionths, read.decimals]).toEqual(parts);
  });
});

it('a table of WPA is known by a head among its first 20 lines', () => {
  const head = 'CPU,Type,DPC/ISR Enter Time (s)';
  expect(routineFormatOf('x\n'.repeat(19) + head)).toBe('wpa-csv');
  expect(routineFormatOf('x\n'.repeat(20) + head)).toBeNull();
});
