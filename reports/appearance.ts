/** Colours, dashes and markers: a policy differs from the next in all three. */

export const FONT_SIZE = 12;
export const FONT = `${FONT_SIZE}px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif`;
/** The font in which rows are named. */
export const HEAD_FONT = `600 ${FONT}`;
/** Policy colours in page.css; further policies begin again, with other dashes. */
export const COLOUR_COUNT = 8;

const DASHES = [[], [7, 3], [2, 3], [9, 3, 2, 3], [14, 4], [4, 2, 1, 2, 1, 2], [5, 5], [1, 2]];
const MARKERS = ['circle', 'square', 'triangle', 'diamond', 'pentagon'] as const;

export interface Appearance {
  ink: string;
  muted: string;
  grid: string;
  paper: string;
  policies: string[];
  activities: string[];
}

/** The colours in force, read from the style sheet so that they are written down once. */
export function readAppearance(): Appearance {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ink: read('--ink'),
    muted: read('--muted'),
    grid: read('--grid'),
    paper: read('--paper'),
    policies: Array.from({ length: COLOUR_COUNT }, (_, i) => read(`--p${i}`)),
    activities: Array.from({ length: 7 }, (_, i) => read(`--a${i}`)),
  };
}

export function policyColour(appearance: Appearance, policy: number): string {
  return appearance.policies[policy % COLOUR_COUNT];
}

export function policyDash(policy: number): number[] {
  return DASHES[(policy + Math.floor(policy / COLOUR_COUNT)) % DASHES.length];
}

/** A policy's marker about (x, y); the caller sets colours. */
export function traceMarker(
  context: CanvasRenderingContext2D,
  policy: number,
  x: number,
  y: number,
  size: number,
): void {
  context.beginPath();
  switch (MARKERS[policy % MARKERS.length]) {
    case 'circle':
      context.arc(x, y, size, 0, 2 * Math.PI);
      break;
    case 'square':
      context.rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8);
      break;
    case 'triangle':
      polygon(context, x, y, size * 1.2, 3, -Math.PI / 2);
      break;
    case 'diamond':
      polygon(context, x, y, size * 1.2, 4, 0);
      break;
    case 'pentagon':
      polygon(context, x, y, size * 1.1, 5, -Math.PI / 2);
      break;
  }
}

function polygon(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  corners: number,
  turn: number,
): void {
  for (let i = 0; i < corners; i++) {
    const angle = turn + (i * 2 * Math.PI) / corners;
    context.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  context.closePath();
}

/** Black or white, whichever reads better on a `#rrggbb` colour. */
export function inkOn(colour: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const linear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  return light > 0.18 ? '#000000' : '#ffffff';
}
