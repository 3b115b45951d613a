import { policyDash } from './appearance.js';

const SVG = 'http://www.w3.org/2000/svg';
const MARKERS = 10;

/** A policy's marker, which stands in the page's definitions (`src/report/svg.ts`). */
export function policySwatch(policy: number): SVGElement {
  const svg = element('svg', { class: 'swatch', width: 14, height: 14, 'aria-hidden': 'true' });
  const use = { href: `#m${policy % MARKERS}`, class: `p p${policy}`, x: 7, y: 7 };
  svg.append(element('use', use));
  return svg;
}

/** A button for each policy that switches its line on and off; the last one stays on. */
export function policyButtons(
  policies: string[],
  shown: boolean[],
  onChange: () => void,
): HTMLButtonElement[] {
  const buttons = policies.map((name, policy) => {
    const button = document.createElement('button');
    button.type = 'button';
    const label = document.createElement('bdi');
    label.textContent = name;
    button.append(lineSample(policy), label);
    button.addEventListener('click', () => {
      if (shown[policy] && shown.filter(Boolean).length === 1) return;
      shown[policy] = !shown[policy];
      update();
      onChange();
    });
    return button;
  });
  const update = (): void =>
    buttons.forEach((button, policy) => {
      button.setAttribute('aria-pressed', String(shown[policy]));
      const isLast = shown[policy] && shown.filter(Boolean).length === 1;
      if (isLast) button.setAttribute('aria-disabled', 'true');
      else button.removeAttribute('aria-disabled');
    });
  update();
  return buttons;
}

/** A short piece of a policy's line. */
export function lineSample(policy: number): SVGElement {
  const svg = element('svg', {
    class: `sample p p${policy}`,
    viewBox: '0 0 26 12',
    'aria-hidden': 'true',
  });
  const stroke = { stroke: 'currentColor', 'stroke-width': 3 };
  const dash = { 'stroke-dasharray': policyDash(policy).join(' ') };
  svg.append(element('line', { x1: 0, x2: 26, y1: 6, y2: 6, ...stroke, ...dash }));
  return svg;
}

function element(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
