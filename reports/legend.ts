import { COLOUR_COUNT, policyDash } from './appearance.js';

const SVG = 'http://www.w3.org/2000/svg';

/** Names beside samples of their lines, for a chart that does not name them itself. */
export function policyLegend(policies: string[], shown: boolean[]): HTMLElement {
  const list = document.createElement('ul');
  list.className = 'key';
  policies.forEach((name, policy) => {
    if (shown[policy]) list.append(entry(lineSample(policy), name));
  });
  return list;
}

/** The parts of a stacked bar. */
export function partLegend(parts: string[]): HTMLElement {
  const list = document.createElement('ul');
  list.className = 'key';
  parts.forEach((name, part) => list.append(entry(blockSample(part), name)));
  return list;
}

/** A button for each policy that switches it on and off in every chart; the last one stays on. */
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

function entry(sample: SVGElement, name: string): HTMLLIElement {
  const item = document.createElement('li');
  const label = document.createElement('bdi');
  label.textContent = name;
  item.append(sample, label);
  return item;
}

function lineSample(policy: number): SVGElement {
  const svg = sampleBox(`p${policy % COLOUR_COUNT}`);
  const line = document.createElementNS(SVG, 'line');
  const attributes = { x1: 0, x2: 26, y1: 6, y2: 6, stroke: 'currentColor', 'stroke-width': 3 };
  for (const [name, value] of Object.entries(attributes)) line.setAttribute(name, String(value));
  line.setAttribute('stroke-dasharray', policyDash(policy).join(' '));
  svg.append(line);
  return svg;
}

function blockSample(part: number): SVGElement {
  const svg = sampleBox(`a${part}`);
  const block = document.createElementNS(SVG, 'rect');
  const attributes = { x: 8, y: 0, width: 12, height: 12, fill: 'currentColor' };
  for (const [name, value] of Object.entries(attributes)) block.setAttribute(name, String(value));
  svg.append(block);
  return svg;
}

function sampleBox(colour: string): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 26 12');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', `sample ${colour}`);
  return svg;
}
