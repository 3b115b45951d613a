import { describe, expect, it } from 'vitest';
import { loadOf } from '../../src/recording/dpcisr-load.js';
import { readDpcIsr } from '../../src/recording/dpcisr-report.js';
import {
  emptyEvent,
  findProcessor,
  numberAfter,
  readNumberBefore,
  readStamp,
  skipBlanks,
  skipWord,
  wholeNumber,
} from '../../src/recording/trace-event.js';

describe('the words of a trace', () => {
  it.each([
    ['a [001] b', 0, 2],
    ['a [x] [12]', 0, 6],
    ['a [1] [12]', 3, 6],
    ['[]', 0, -1],
    ['[12', 0, -1],
    ['[123456]', 0, 0],
    ['[1234567]', 0, -1],
    ['[/:]', 0, -1],
  ])('the processor in %j from %d on is at %d', (line, from, at) => {
    expect(findProcessor(line, from)).toBe(at);
  });

  it.each([
    ['12x', 0, 12],
    ['a7', 1, 7],
    ['x', 0, -1],
    ['', 0, -1],
    ['999999999', 0, 999_999_999],
    ['1000000000', 0, -1],
    ['5/:', 0, 5],
  ])('the whole number in %j from %d on is %d', (text, from, value) => {
    expect(wholeNumber(text, from)).toBe(value);
  });

  it('stand behind their key', () => {
    expect(numberAfter('vec=9 [action=RCU]', 'vec=')).toBe(9);
    expect(numberAfter('vec=9', 'irq=')).toBe(-1);
    expect(numberAfter('=3', '=')).toBe(3);
  });

  it.each([
    ['comm-123', 8, { value: 123, start: 5 }],
    ['7', 1, { value: 7, start: 0 }],
    ['comm', 4, null],
    ['123456789', 9, { value: 123_456_789, start: 0 }],
    ['1234567890', 10, null],
  ])('the number before the end of %j is told', (line, end, number) => {
    expect(readNumberBefore(line, end)).toEqual(number);
  });

  it.each([
    [' \t x', 0, 3, 0],
    ['ab \tc', 0, 0, 2],
    ['ab\tc', 0, 0, 2],
    ['ab', 2, 2, 2],
  ])('of %j from %d on, blanks end at %d and a word at %d', (line, from, blank, word) => {
    expect([skipBlanks(line, from), skipWord(line, from)]).toEqual([blank, word]);
  });

  it.each([
    ['12.345678: x', 10],
    ['123456789012.5: x', 15],
    ['1234567890123.5: x', -1],
    ['12.3456789012: x', -1],
    ['12.: x', -1],
    ['.5: x', -1],
    ['12,5: x', -1],
    ['12.5 x', -1],
    ['x12.5:', -1],
  ])('the stamp of %j ends at %d', (line, end) => {
    expect(readStamp(line, 0, emptyEvent())).toBe(end);
  });
});

describe('a report with more sources than are told one by one', () => {
  /** A module with so many routines, and a time of theirs. */
  const text = (counts: readonly number[]): string =>
    [
      'DPC Info',
      'CPU Usage Summing By Module For the Whole Trace',
      'CPU Usage from 0 us to 1000000000 us:',
      '     CPU 0 Usage,',
      '     usec      %, Module',
      ...counts.map((count, i) => `   ${6 * count}   0.06, m${i}.sys`),
      ...counts.flatMap((count, i) => [
        `Total = ${count} for module m${i}.sys`,
        `Elapsed Time, >  4 usecs AND <=  8 usecs, ${count}, or 100.00%`,
        `Total, ${count}`,
        '',
      ]),
    ].join('\n');

  it('has those of few routines as one, of four times as many where that is not enough', () => {
    const few = Array.from({ length: 2_001 }, () => 200);
    const report = readDpcIsr(text([...few, 400, 450]).split('\n'), 'report.txt');
    const names = loadOf(report, 'report.txt').modules.map(({ name }) => name);
    expect(names).toHaveLength(3);
    expect(names.slice(0, 2)).toEqual(['m2001.sys', 'm2002.sys']);
  });
});
