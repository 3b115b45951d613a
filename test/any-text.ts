import fc from 'fast-check';

/**
 * Text of any characters, such as programs stumble over among them. `fc.string({ unit: 'binary' })`
 * has the same but keeps a map of all of Unicode, which every collection of garbage goes through in
 * the files that follow.
 */
export function anyText(
  length: { minLength?: number; maxLength?: number } = {},
): fc.Arbitrary<string> {
  const character = fc
    .oneof(fc.nat(0x7f), fc.nat(0xffff), fc.nat(0x10ffff))
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code));
  return fc.oneof(
    { weight: 4, arbitrary: fc.array(character, length).map((all) => all.join('')) },
    { weight: 1, arbitrary: fc.string(length) },
  );
}
