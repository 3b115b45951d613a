import type { Dice } from './dice.js';

/** Longer ones only take longer; what is too long has tests of its own. */
const MOST_BYTES = 400_000;
/** What is repeated gets so long at most. */
const MOST_REPEATED = 40_000;

/** What programs stumble over, in text of any kind. */
const TOKENS = [
  ...['', '-1', '0', '-0', '1e308', '1e999', '-1e309', 'NaN', 'Infinity', '9007199254740993'],
  ...['18446744073709551616', '0x10', '1_000', '00', '.5', '5.', '1e-320', '4294967296', '65536'],
  ...['null', 'true', 'false', '~', '""', '[]', '{}', '__proto__', 'constructor', 'toString'],
  ...['prototype', '<<', '*a', '&a', '!!js/function', '!!binary', '|', '>', '---', '...', '#', '%'],
  ...[
    '\0',
    '\u001b[2J',
    '\u202e',
    '\ufeff',
    '\u2028',
    '\ud800',
    'é',
    '\u{1f4a5}',
    '\r',
    '\r\n',
    '\t',
  ],
  ...['../../etc/passwd', '/dev/zero', '/dev/stdin', '<script>', '"', "'", '\\', '`', '${x}'],
  ...['1ns', '104d', '1e9s', '100%', '1k/s', '0/s', '((', '))', 'and', 'or not', '!!', '=='],
  ...['[[', ']]', '{{', '}}', ',', ':', '=', '\n', '\n\n', '  ', 'a'.repeat(300), '('.repeat(90)],
];

/** Some steps of damage to one of `corpus`, at times spliced with another. */
export function mutate(corpus: readonly Uint8Array[], dice: Dice): Buffer {
  let bytes: Buffer = Buffer.from(dice.of(corpus));
  // What is whole must be read.
  if (dice.once(12)) return bytes;
  if (dice.once(6)) bytes = splice(bytes, Buffer.from(dice.of(corpus)), dice);
  for (let steps = dice.below(5); steps >= 0; steps--) bytes = step(bytes, dice);
  return bytes.subarray(0, MOST_BYTES);
}

function splice(a: Buffer, b: Buffer, dice: Dice): Buffer {
  return Buffer.concat([
    a.subarray(0, dice.below(a.length + 1)),
    b.subarray(dice.below(b.length + 1)),
  ]);
}

type Step = (bytes: Buffer, dice: Dice) => Buffer;

const STEPS: readonly Step[] = [
  flipBits,
  replaceByte,
  removeRange,
  repeatRange,
  moveRange,
  insertToken,
  replaceWord,
  replaceWord,
  replaceNumber,
  replaceNumber,
  dropLine,
  repeatLine,
  swapLines,
  cutOff,
];

function step(bytes: Buffer, dice: Dice): Buffer {
  return dice.of(STEPS)(bytes, dice);
}

function flipBits(bytes: Buffer, dice: Dice): Buffer {
  const changed = Buffer.from(bytes);
  if (changed.length > 0) changed[dice.below(changed.length)] ^= 1 << dice.below(8);
  return changed;
}

function replaceByte(bytes: Buffer, dice: Dice): Buffer {
  const changed = Buffer.from(bytes);
  if (changed.length > 0) changed[dice.below(changed.length)] = dice.of([0, 255, dice.below(256)]);
  return changed;
}

function range(bytes: Buffer, dice: Dice): [from: number, to: number] {
  const from = dice.below(bytes.length + 1);
  const most = dice.once(4) ? bytes.length - from : Math.min(40, bytes.length - from);
  return [from, from + dice.below(most + 1)];
}

function put(bytes: Buffer, [from, to]: readonly [number, number], middle: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, from), middle, bytes.subarray(to)]);
}

function removeRange(bytes: Buffer, dice: Dice): Buffer {
  return put(bytes, range(bytes, dice), new Uint8Array());
}

function repeatRange(bytes: Buffer, dice: Dice): Buffer {
  const [from, to] = range(bytes, dice);
  const times = dice.of([2, 3, 20, 300]);
  if ((to - from) * times > MOST_REPEATED) return bytes;
  const part = bytes.subarray(from, to);
  return put(bytes, [from, to], Buffer.concat(Array.from({ length: times }, () => part)));
}

function moveRange(bytes: Buffer, dice: Dice): Buffer {
  const [from, to] = range(bytes, dice);
  const rest = put(bytes, [from, to], new Uint8Array());
  const at = dice.below(rest.length + 1);
  return put(rest, [at, at], bytes.subarray(from, to));
}

function insertToken(bytes: Buffer, dice: Dice): Buffer {
  const at = dice.below(bytes.length + 1);
  return put(bytes, [at, at], Buffer.from(dice.of(TOKENS)));
}

/** What matches somewhere near a random place; null where nothing does. */
function find(bytes: Buffer, pattern: RegExp, dice: Dice): [number, number] | null {
  const from = dice.below(bytes.length + 1);
  const found = pattern.exec(bytes.toString('latin1', from, from + 4096));
  return found && [from + found.index, from + found.index + found[0].length];
}

function replaceWord(bytes: Buffer, dice: Dice): Buffer {
  const place = find(bytes, /[A-Za-z_][\w-]*/, dice);
  if (place === null) return bytes;
  const other = dice.once(2) ? find(bytes, /[A-Za-z_][\w-]*/, dice) : null;
  const word = other === null ? Buffer.from(dice.of(TOKENS)) : bytes.subarray(...other);
  return put(bytes, place, word);
}

function replaceNumber(bytes: Buffer, dice: Dice): Buffer {
  const place = find(bytes, /\d+(\.\d+)?/, dice);
  if (place === null) return bytes;
  const number = Number(bytes.toString('latin1', ...place));
  const other = dice.of([number + 1, number - 1, -number, number * 1e9, number / 7, number * 2]);
  return put(bytes, place, Buffer.from(dice.once(3) ? dice.of(TOKENS) : String(other)));
}

function lineAt(bytes: Buffer, dice: Dice): [number, number] {
  const at = dice.below(bytes.length + 1);
  const from = at === 0 ? 0 : bytes.lastIndexOf(10, at - 1) + 1;
  const end = bytes.indexOf(10, at);
  return [from, end < 0 ? bytes.length : end + 1];
}

function dropLine(bytes: Buffer, dice: Dice): Buffer {
  return put(bytes, lineAt(bytes, dice), new Uint8Array());
}

function repeatLine(bytes: Buffer, dice: Dice): Buffer {
  const [from, to] = lineAt(bytes, dice);
  return put(bytes, [to, to], bytes.subarray(from, to));
}

function swapLines(bytes: Buffer, dice: Dice): Buffer {
  const [from, to] = lineAt(bytes, dice);
  const line = Buffer.from(bytes.subarray(from, to));
  const rest = put(bytes, [from, to], new Uint8Array());
  const [at] = lineAt(rest, dice);
  return put(rest, [at, at], line);
}

function cutOff(bytes: Buffer, dice: Dice): Buffer {
  return bytes.subarray(0, dice.below(bytes.length + 1));
}
