import type uPlot from 'uplot';
import type { DrawContext } from './frame.js';
import { hideTip, showTip } from './tip.js';

/** What stands at one index of x: its name, and the value of a policy as text. */
type ReadAt = (index: number) => [string, (policy: number) => string];

/** How far a key press zooms. */
const ZOOM = 2;

/**
 * Shows the values beside the pointer. With the chart in focus the arrow keys, Home and End move
 * along x, and what they find is announced; `+` and `-` zoom, `0` shows all again, like dragging
 * and a double click do.
 */
export function attachReading(plot: uPlot, draw: DrawContext, readAt: ReadAt): void {
  const { host } = draw;
  const lines = (index: number): { policy: number; text: string }[] => {
    const [, valueOf] = readAt(index);
    return draw.policies.flatMap((name, policy) =>
      draw.shown[policy] ? [{ policy, text: `${name} ${valueOf(policy)}` }] : [],
    );
  };
  const show = (index: number | null | undefined): void => {
    if (index === null || index === undefined) return hideTip();
    const { left, top } = plot.over.getBoundingClientRect();
    const x = left + plot.cursor.left!;
    const y = top + Math.max(0, plot.cursor.top!);
    showTip([{ policy: null, text: readAt(index)[0] }, ...lines(index)], x, y);
  };
  (plot.hooks.setCursor ??= []).push((self: uPlot) => show(self.cursor.idx));
  host.tabIndex = 0;
  host.onkeydown = (event) => {
    const at = plot.cursor.idx ?? null;
    if (event.key === 'Escape') plot.setCursor({ left: -10, top: -10 });
    if (zoomBy(plot, event.key, at)) return event.preventDefault();
    const next = nextIndex(plot, event.key, at);
    if (next === undefined) return;
    event.preventDefault();
    plot.setCursor({ left: plot.valToPos(plot.data[0][next], 'x'), top: 10 });
    announce(
      `${readAt(next)[0]}: ${lines(next)
        .map(({ text }) => text)
        .join(', ')}`,
    );
  };
  host.onblur = () => plot.setCursor({ left: -10, top: -10 });
}

function nextIndex(plot: uPlot, key: string, at: number | null): number | undefined {
  const xs = plot.data[0];
  const { min, max } = plot.scales.x;
  const first = Math.max(
    0,
    xs.findIndex((x) => x >= min!),
  );
  const last = xs.findLastIndex((x) => x <= max!);
  return {
    ArrowRight: at === null ? first : Math.min(last, at + 1),
    ArrowLeft: at === null ? last : Math.max(first, at - 1),
    Home: first,
    End: last,
  }[key];
}

/** Around the value that is read, or around the middle. */
function zoomBy(plot: uPlot, key: string, at: number | null): boolean {
  const xs = plot.data[0];
  const [from, to] = [xs[0], xs[xs.length - 1]];
  if (key === '0') {
    plot.setScale('x', { min: from, max: to });
    return true;
  }
  if (key !== '+' && key !== '-') return false;
  const { min, max } = plot.scales.x as { min: number; max: number };
  const [low, high] = [Math.log(min), Math.log(max)];
  const centre = at === null ? (low + high) / 2 : Math.log(xs[at]);
  const factor = key === '+' ? 1 / ZOOM : ZOOM;
  const edge = (end: number): number => Math.exp(centre + (end - centre) * factor);
  plot.setScale('x', { min: Math.max(from, edge(low)), max: Math.min(to, edge(high)) });
  return true;
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
