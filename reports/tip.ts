import { policySwatch } from './legend.js';

/** A line of a tip; with a policy its marker stands before it. */
export interface TipLine {
  policy: number | null;
  text: string;
}

let box: HTMLElement | null = null;

/** Shows lines beside a point of the window, on the side where there is room. */
export function showTip(lines: readonly TipLine[], x: number, y: number): void {
  box ??= makeBox();
  box.replaceChildren(
    ...lines.map(({ policy, text }) => {
      const line = document.createElement('div');
      if (policy !== null) line.append(policySwatch(policy), ' ');
      const label = document.createElement('bdi');
      label.textContent = text;
      line.append(label);
      return line;
    }),
  );
  box.hidden = false;
  const { width, height } = box.getBoundingClientRect();
  const isRight = x + 14 + width <= document.documentElement.clientWidth;
  const left = isRight ? x + 14 : Math.max(4, x - 14 - width);
  box.style.left = `${left}px`;
  box.style.top = `${Math.max(4, Math.min(y + 12, innerHeight - height - 4))}px`;
}

export function hideTip(): void {
  if (box !== null) box.hidden = true;
}

function makeBox(): HTMLElement {
  const made = document.createElement('div');
  made.className = 'tip';
  made.setAttribute('aria-hidden', 'true');
  document.body.append(made);
  return made;
}

/**
 * Tips of what is drawn with the page: an element says its lines in `data-tip`, a chart over time
 * those of its bins in `data-tips`, a heat map has the figures of its cells from `readCell`. Escape
 * puts a tip away.
 */
export function setUpTips(
  readCell: (figure: string, policy: number, processor: number) => TipLine[] | null,
): void {
  document.addEventListener('pointermove', (event) => {
    const target = event.target as Element;
    if (target.closest('.u-over') !== null) return;
    const lines = linesOf(target, event, readCell);
    if (lines === null) hideTip();
    else showTip(lines, event.clientX, event.clientY);
  });
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') hideTip();
  });
  document.addEventListener('scroll', hideTip, { passive: true });
}

function linesOf(
  target: Element,
  { clientX, clientY }: PointerEvent,
  readCell: (figure: string, policy: number, processor: number) => TipLine[] | null,
): TipLine[] | null {
  const told = target.closest<SVGElement>('[data-tip]');
  if (told !== null) return told.dataset.tip!.split('\n').map(readLine);
  const timed = target.closest<SVGElement>('[data-tips]');
  if (timed !== null) return linesAt(timed, clientX);
  const map = target.closest<SVGSVGElement>('[data-cells]');
  if (map === null) return null;
  const { left, top, width, height } = map.getBoundingClientRect();
  const { cells, policy, columns } = map.dataset;
  const lines = map.viewBox.baseVal.height;
  const column = Math.floor(((clientX - left) / width) * Number(columns));
  const row = Math.floor(((clientY - top) / height) * lines);
  return readCell(cells!, Number(policy), row * Number(columns) + column);
}

/** What a chart over time says of the bin under the pointer. */
function linesAt(chart: SVGElement, clientX: number): TipLine[] | null {
  const { left, width } = chart.getBoundingClientRect();
  const { bins, shift, tips } = chart.dataset;
  const bin = Math.floor(((clientX - left) / width) * Number(bins) - Number(shift));
  const text = tips!.split('\n\n')[bin] ?? '';
  return text === '' ? null : text.split('\n').map(readLine);
}

/** `#1 vista 42.3` is a line of the second policy. */
function readLine(text: string): TipLine {
  const match = /^#(\d+) /.exec(text);
  if (match === null) return { policy: null, text };
  return { policy: Number(match[1]), text: text.slice(match[0].length) };
}
