/** Colours and dashes: the first policy, the one compared with it, and all others in grey. */

const FONT_SIZE = 12;
export const FONT = `${FONT_SIZE}px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif`;

const DASHES = [[], [7, 3], [2, 3], [9, 3, 2, 3], [14, 4], [4, 2, 1, 2, 1, 2], [5, 5], [1, 2]];

export interface Appearance {
  ink: string;
  soft: string;
  grid: string;
  first: string;
  second: string;
  other: string;
}

/** The colours in force, read from the style sheet so that they are written down once. */
export function readAppearance(): Appearance {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ink: read('--ink'),
    soft: read('--soft'),
    grid: read('--line'),
    first: read('--first'),
    second: read('--second'),
    other: read('--other'),
  };
}

export function policyColour(appearance: Appearance, policy: number, chosen: number): string {
  if (policy === 0) return appearance.first;
  return policy === chosen ? appearance.second : appearance.other;
}

export function policyDash(policy: number): number[] {
  return DASHES[policy % DASHES.length];
}
