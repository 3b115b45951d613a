import { formatNs } from '../units.js';

/** `109`, `104 µs`: the unit once where both have the same. */
export function spans<Policy>(
  values: readonly { policy: Policy; ns: number }[],
): { policy: Policy; text: string }[] {
  const texts = values.map(({ ns }) => formatNs(ns).split(' '));
  return values.map(({ policy }, i) => {
    const [digits, unit] = texts[i];
    const isRepeated = i < texts.length - 1 && texts.every((each) => each[1] === unit);
    return { policy, text: isRepeated ? digits : `${digits} ${unit}` };
  });
}
