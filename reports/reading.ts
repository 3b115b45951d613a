import type uPlot from 'uplot';
import type { DrawContext } from './frame.js';

/** What stands at one index of x: its name, and the value of a policy as text. */
type ReadAt = (index: number) => [string, (policy: number) => string];

/**
 * Shows the values under the pointer in a box on the chart. With the chart in focus the arrow keys,
 * Home and End move along x, and what they find is announced.
 */
export function attachReading(plot: uPlot, draw: DrawContext, readAt: ReadAt): void {
  const box = document.createElement('div');
  box.className = 'reading';
  box.hidden = true;
  plot.over.append(box);
  const show = (index: number | null | undefined): void => {
    box.hidden = index === null || index === undefined;
    if (index === null || index === undefined) return;
    const [title, valueOf] = readAt(index);
    const lines = draw.policies.flatMap((name, policy) =>
      draw.shown[policy] ? [{ name, value: valueOf(policy) }] : [],
    );
    const head = document.createElement('strong');
    head.textContent = title;
    box.replaceChildren(
      head,
      ...lines.map(({ name, value }) => {
        const line = document.createElement('div');
        const label = document.createElement('bdi');
        label.textContent = name;
        line.append(label, ` ${value}`);
        return line;
      }),
    );
    const onLeft = plot.valToPos(plot.data[0][index], 'x') > plot.over.clientWidth / 2;
    box.style.left = onLeft ? '6px' : 'auto';
    box.style.right = onLeft ? 'auto' : '6px';
  };
  (plot.hooks.setCursor ??= []).push((self: uPlot) => show(self.cursor.idx));
  const { host } = draw;
  host.tabIndex = 0;
  host.onkeydown = (event) => {
    const last = plot.data[0].length - 1;
    const at = plot.cursor.idx ?? null;
    const next = {
      ArrowRight: at === null ? 0 : Math.min(last, at + 1),
      ArrowLeft: at === null ? last : Math.max(0, at - 1),
      Home: 0,
      End: last,
    }[event.key];
    if (event.key === 'Escape') plot.setCursor({ left: -10, top: -10 });
    if (next === undefined) return;
    event.preventDefault();
    plot.setCursor({ left: plot.valToPos(plot.data[0][next], 'x'), top: 10 });
    const [title, valueOf] = readAt(next);
    announce(
      `${title}: ${draw.policies
        .filter((_, i) => draw.shown[i])
        .map((name) => `${name} ${valueOf(draw.policies.indexOf(name))}`)
        .join(', ')}`,
    );
  };
  host.onblur = () => plot.setCursor({ left: -10, top: -10 });
}

function announce(text: string): void {
  let region = document.getElementById('announcement');
  if (region === null) {
    region = document.createElement('p');
    region.id = 'announcement';
    region.className = 'unseen';
    region.setAttribute('aria-live', 'polite');
    document.body.append(region);
  }
  region.textContent = text;
}
