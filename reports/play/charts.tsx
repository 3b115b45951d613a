import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { effect } from '@preact/signals';
import uPlot from 'uplot';
import type { LiveColumn } from '../../src/play/live-column.js';
import type { PlayView } from '../../src/play/play-state.js';
import { formatCount, formatNs } from '../../src/units.js';
import type { PlayStore } from './store.js';

const HEIGHT = 220;
const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

interface Line {
  policy: number;
  label: string;
  dash: number[];
  of: (column: LiveColumn) => number | null;
}

interface ChartProps {
  id: PlayView;
  store: PlayStore;
  title: string;
  isLog: boolean;
  lines: readonly Line[];
  format: (value: number) => string;
}

/** IPIs a simulated second. */
export function IpisChart({ store }: { store: PlayStore }): JSX.Element {
  const lines = [0, 1].map((policy) => ({
    policy,
    label: '',
    dash: policy === 0 ? [] : [7, 3],
    of: ({ ipis, spanNs }: LiveColumn) => (1e9 * ipis) / spanNs,
  }));
  const format = (value: number): string => formatCount(Math.round(value));
  return (
    <Chart
      id="ipis"
      store={store}
      title="IPIs a second"
      isLog={false}
      lines={lines}
      format={format}
    />
  );
}

/** DPC waits in each span: the median, and what one of a hundred exceeds. */
export function WaitsChart({ store }: { store: PlayStore }): JSX.Element {
  const lines = [0, 1].flatMap((policy) => [
    { policy, label: 'p99', dash: [], of: ({ p99Ns }: LiveColumn) => aboveZero(p99Ns) },
    { policy, label: 'p50', dash: [2, 3], of: ({ p50Ns }: LiveColumn) => aboveZero(p50Ns) },
  ]);
  return <Chart id="waits" store={store} title="DPC wait" isLog lines={lines} format={formatNs} />;
}

/** A logarithmic axis has no 0. */
function aboveZero(ns: number | null): number | null {
  return ns === null ? null : Math.max(1, ns);
}

function Chart({ id, store, title, isLog, lines, format }: ChartProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const words = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const chart = new LiveChart(host.current!, { id, store, title, isLog, lines, format });
    let frame = 0;
    const draw = (): void => {
      frame = 0;
      words.current!.textContent = chart.draw();
    };
    const stop = effect(() => {
      void store.frame.value;
      void store.state.value;
      if (frame === 0) frame = requestAnimationFrame(draw);
    });
    const resized = new ResizeObserver(() => chart.resize());
    resized.observe(host.current!);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const recolour = (): void => chart.recolour();
    scheme.addEventListener('change', recolour);
    return () => {
      stop();
      cancelAnimationFrame(frame);
      resized.disconnect();
      scheme.removeEventListener('change', recolour);
      chart.close();
    };
  }, [store]);
  return (
    <figure class="chart" id={`view-${id}`}>
      <figcaption>
        <h2>{title}</h2>
        <Legend store={store} lines={lines} />
      </figcaption>
      <div ref={host} aria-hidden="true" />
      <p class="unseen" ref={words} />
    </figure>
  );
}

function Legend({ store, lines }: { store: PlayStore; lines: readonly Line[] }): JSX.Element {
  const { policies } = store.state.value;
  return (
    <ul class="key">
      {lines.map(({ policy, label, dash }) => (
        <li key={`${policy} ${label}`} class={`p${policy}`}>
          <svg width="28" height="8" aria-hidden="true">
            <path
              d="M0 4H28"
              stroke="currentColor"
              stroke-width="2"
              stroke-dasharray={dash.join()}
            />
          </svg>{' '}
          <bdi>{policies[policy]}</bdi> {label}
        </li>
      ))}
    </ul>
  );
}

/** A chart of columns that come while it stands; drawn by uPlot. */
class LiveChart {
  private plot: uPlot;

  constructor(
    private readonly host: HTMLElement,
    private readonly props: ChartProps,
  ) {
    this.plot = this.create();
  }

  /** Draws what there is, and answers the last values in words. */
  draw(): string {
    const { format, lines, store, title } = this.props;
    const { machines, state } = store;
    this.plot.setData(joined(machines, lines));
    const said = lines.flatMap(({ policy, label, of }) => {
      const last = machines[policy].columns.at(-1);
      const value = last === undefined ? null : of(last);
      return value === null ? [] : `${state.value.policies[policy]} ${label} ${format(value)}`;
    });
    return said.length === 0 ? `${title}: nothing yet` : `${title}: ${said.join(', ')}`;
  }

  resize(): void {
    const width = Math.floor(this.host.clientWidth);
    if (width > 0 && width !== this.plot.width) this.plot.setSize({ width, height: HEIGHT });
  }

  recolour(): void {
    this.plot.destroy();
    this.plot = this.create();
    this.draw();
  }

  close(): void {
    this.plot.destroy();
  }

  private create(): uPlot {
    const { format, isLog, lines } = this.props;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const rule = { stroke: colour('--grid'), width: 1 };
    const axis = { stroke: colour('--muted'), font: FONT, grid: rule, ticks: { ...rule, size: 5 } };
    return new uPlot(
      {
        width: Math.max(100, Math.floor(this.host.clientWidth)),
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false },
          y: isLog ? { distr: 3, range: decadesAround } : { range: fromZero },
        },
        axes: [
          { ...axis, values: (_, at) => at.map((ns) => formatNs(ns)), space: 80 },
          {
            ...axis,
            size: 76,
            values: (_, at) => at.map((value) => (value === null ? '' : format(value))),
          },
        ],
        series: [
          {},
          ...lines.map(({ policy, dash }) => ({
            stroke: colour(`--p${policy}`),
            width: 2,
            dash,
            spanGaps: true,
            points: { show: false },
          })),
        ],
      },
      joined(this.props.store.machines, lines),
      this.host,
    );
  }
}

function fromZero(_: uPlot, __: number | null, most: number | null): [number, number] {
  return [0, most === null || most === 0 ? 1 : most * 1.1];
}

function decadesAround(_: uPlot, least: number | null, most: number | null): [number, number] {
  const low = Math.floor(Math.log10(least ?? 100));
  const high = Math.ceil(Math.log10((most ?? 10_000) * 1.01));
  return [10 ** low, 10 ** Math.max(high, low + 1)];
}

/** The columns of both machines by their instants; what one of them lacks there is null. */
function joined(
  machines: readonly { columns: readonly LiveColumn[] }[],
  lines: readonly Line[],
): uPlot.AlignedData {
  const [first, second] = machines.map(({ columns }) => columns);
  const instants: number[] = [];
  const values: (number | null)[][] = lines.map(() => []);
  for (let i = 0, j = 0; i < first.length || j < second.length;) {
    const [a, b] = [first[i]?.atNs ?? Infinity, second[j]?.atNs ?? Infinity];
    const atNs = Math.min(a, b);
    const found = [a - atNs < 1 ? first[i++] : null, b - atNs < 1 ? second[j++] : null];
    instants.push(atNs);
    lines.forEach(({ policy, of }, line) => {
      const column = found[policy];
      values[line].push(column === null ? null : of(column));
    });
  }
  return [instants, ...values];
}
