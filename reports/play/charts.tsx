import '../browser-language.js';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { effect } from '@preact/signals';
import uPlot from 'uplot';
import type { LiveColumn } from '../../src/play/live-column.js';
import type { PlayView } from '../../src/play/play-state.js';
import { formatCount, formatNs } from '../../src/units.js';
import type { PlayStore } from './store.js';

const HEIGHT = 220;
/** Between a chart that is shown alone and the bar of the pace, in pixels. */
const BESIDE_ALONE = 16;
/** A rate of fewer interrupts is noise: their columns are one. */
const LEAST_ARRIVALS = 20;
/** How much of the run before this one shows through. */
const FAINT = 0.35;
const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

interface Line {
  /** Whose columns, as an index. */
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
  /** What is drawn of a machine's columns; left out: all. */
  of?: (columns: readonly LiveColumn[]) => readonly LiveColumn[];
  /** Said where nothing can be drawn of columns that are there. */
  absent?: string;
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
      of={steadyRates}
      absent="Too few interrupts yet for a rate."
    />
  );
}

/**
 * Columns that hold enough for a rate: short ones, as at the end of a shard and in slow motion, are
 * put together.
 */
function steadyRates(columns: readonly LiveColumn[]): LiveColumn[] {
  const leastNs = columns.reduce((most, { spanNs }) => Math.max(most, spanNs), 0) / 2;
  const isEnough = ({ arrivals, spanNs }: LiveColumn): boolean =>
    arrivals >= LEAST_ARRIVALS && spanNs >= leastNs;
  const made: LiveColumn[] = [];
  let open: LiveColumn | null = null;
  for (const column of columns) {
    const whole: LiveColumn = open === null ? column : together(open, column);
    open = isEnough(whole) ? null : whole;
    if (open === null) made.push(whole);
  }
  return made;
}

function together(first: LiveColumn, second: LiveColumn): LiveColumn {
  return {
    ...second,
    arrivals: first.arrivals + second.arrivals,
    ipis: first.ipis + second.ipis,
    spanNs: first.spanNs + second.spanNs,
  };
}

/** DPC latencies in each span: the median, and what one of a hundred exceeds. */
export function WaitsChart({ store }: { store: PlayStore }): JSX.Element {
  const lines = [0, 1].flatMap((policy) => [
    { policy, label: 'p99', dash: [], of: ({ p99Ns }: LiveColumn) => aboveZero(p99Ns) },
    { policy, label: 'p50', dash: [2, 3], of: ({ p50Ns }: LiveColumn) => aboveZero(p50Ns) },
  ]);
  return (
    <Chart
      id="waits"
      store={store}
      title="DPC latency"
      isLog
      lines={lines}
      format={formatNs}
      absent="Too few DPCs in a column for percentiles: at a faster pace there are more."
    />
  );
}

/** A logarithmic axis has no 0. */
function aboveZero(ns: number | null): number | null {
  return ns === null ? null : Math.max(1, ns);
}

/**
 * Charts are drawn at every frame, unless the page's thread takes the machines' processors for it:
 * then they are drawn at every fourth.
 */
const REST_MS = 50;

function Chart(props: ChartProps): JSX.Element {
  const { id, store, title, lines, absent = '' } = props;
  const host = useRef<HTMLDivElement>(null);
  const words = useRef<HTMLParagraphElement>(null);
  const empty = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    // The element may be gone from the page before the last frame that was asked for.
    const said = words.current!;
    const note = empty.current!;
    const chart = new LiveChart(host.current!, props);
    let frame = 0;
    let rest: ReturnType<typeof setTimeout> | null = null;
    let drawnMs = -Infinity;
    const draw = (): void => {
      frame = 0;
      drawnMs = performance.now();
      chart.draw();
    };
    const drawSoon = (): void => {
      rest = null;
      frame = requestAnimationFrame(draw);
    };
    const stopDrawing = effect(() => {
      void store.frame.value;
      void store.state.value;
      void store.before.value;
      if (frame !== 0 || rest !== null) return;
      const restMs = store.hasSpareProcessor ? 0 : drawnMs + REST_MS - performance.now();
      // A frame in which nothing is drawn costs the machines time as well.
      if (restMs > 0) rest = setTimeout(drawSoon, restMs);
      else drawSoon();
    });
    // Words lay the page out anew, so they change no more often than they can be read.
    const stopSaying = effect(() => {
      void store.glance.value;
      void store.state.value;
      void store.before.value;
      said.textContent = chart.words();
      note.textContent = chart.isEmpty ? absent : '';
    });
    const resized = new ResizeObserver(() => chart.resize());
    resized.observe(host.current!);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const recolour = (): void => chart.recolour();
    scheme.addEventListener('change', recolour);
    return () => {
      stopDrawing();
      stopSaying();
      cancelAnimationFrame(frame);
      clearTimeout(rest ?? 0);
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
      <div class="plot">
        <div ref={host} aria-hidden="true" />
        <p class="note" ref={empty} />
      </div>
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
      {store.before.value !== null && (
        <li class="earlier">
          faint: before the change (<bdi>{store.before.value.words}</bdi>)
        </li>
      )}
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

  draw(): void {
    this.plot.setData(this.data(this.columns()));
  }

  /** Columns are there, and no line has two values to lie between. */
  get isEmpty(): boolean {
    const isThere = this.props.store.machines.some(({ columns }) => columns.length > 0);
    const [, ...values] = this.data(this.columns());
    return isThere && !values.some(hasLine);
  }

  /** The last values. */
  words(): string {
    const { format, lines, store, title } = this.props;
    const columns = this.columns();
    const said = lines.flatMap(({ policy, label, of }) => {
      const last = columns[policy].at(-1);
      const value = last === undefined ? null : of(last);
      return value === null
        ? []
        : `${store.state.value.policies[policy]} ${label} ${format(value)}`;
    });
    const earlier = store.before.value;
    if (earlier !== null) said.push(`changed at ${formatNs(earlier.atNs)} (${earlier.words})`);
    return said.length === 0 ? `${title}: nothing yet` : `${title}: ${said.join(', ')}`;
  }

  /** What is drawn of the machines, then of those of the run before this one. */
  private columns(): (readonly LiveColumn[])[] {
    const { of: drawn, store } = this.props;
    const earlier = store.before.value?.columns ?? [[], []];
    const all = [...store.machines.map((machine) => machine.columns), ...earlier];
    return drawn === undefined ? all : all.map(drawn);
  }

  private data(columns: readonly (readonly LiveColumn[])[]): Aligned {
    const { lines } = this.props;
    const before = lines.map((line) => ({ ...line, policy: line.policy + 2 }));
    return joined(columns, [...lines, ...before]);
  }

  /** A chart that is shown alone reaches down to the bar of the pace. */
  private get height(): number {
    if (this.props.store.state.value.view === null) return HEIGHT;
    const top = this.host.getBoundingClientRect().top + scrollY;
    const pace = document.querySelector('.pace')?.getBoundingClientRect().height ?? 0;
    return Math.max(HEIGHT, Math.floor(innerHeight - top - pace - BESIDE_ALONE));
  }

  resize(): void {
    const width = Math.floor(this.host.clientWidth);
    const { height } = this;
    if (width <= 0 || (width === this.plot.width && height === this.plot.height)) return;
    this.plot.setSize({ width, height });
  }

  recolour(): void {
    this.plot.destroy();
    this.plot = this.create();
    this.draw();
  }

  close(): void {
    this.plot.destroy();
  }

  /** Where the run before this one was when it was changed. */
  private markChange(plot: uPlot, colour: string): void {
    const atNs = this.props.store.before.value?.atNs;
    const { max, min } = plot.scales['x'];
    if (atNs === undefined || atNs < (min ?? Infinity) || atNs > (max ?? -Infinity)) return;
    const { ctx } = plot;
    const { height, top } = plot.bbox;
    const x = Math.round(plot.valToPos(atNs, 'x', true));
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = colour;
    ctx.setLineDash([4, 4]);
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, top + height);
    ctx.stroke();
    ctx.font = FONT;
    const isLeft = x > plot.bbox.left + plot.bbox.width / 2;
    ctx.textAlign = isLeft ? 'right' : 'left';
    ctx.fillText('changed here', x + (isLeft ? -5 : 5), top + 14 * devicePixelRatio);
    ctx.restore();
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
        height: this.height,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false },
          y: isLog ? { distr: 3, range: decadesAround } : { range: fromZero },
        },
        axes: [
          { ...axis, values: (_, at) => at.map((ns) => formatNs(ns)), space: 80, size: 34 },
          {
            ...axis,
            size: 76,
            ...(isLog ? {} : { space: 48 }),
            // An axis up to 1 has no numbers between that are counts.
            values: (_, at) => {
              return at.map((value) => (value === null || value % 1 !== 0 ? '' : format(value)));
            },
          },
        ],
        series: [
          {},
          ...[1, FAINT].flatMap((alpha) =>
            lines.map(({ policy, dash }) => ({
              stroke: colour(`--p${policy}`),
              width: 2,
              alpha,
              dash,
              spanGaps: true,
              points: { show: false },
            })),
          ),
        ],
        hooks: { draw: [(plot) => this.markChange(plot, colour('--muted'))] },
      },
      this.data(this.columns()),
      this.host,
    );
  }
}

function hasLine(values: readonly (number | null)[]): boolean {
  const first = values.findIndex((value) => value !== null);
  return first >= 0 && values.findLastIndex((value) => value !== null) > first;
}

function fromZero(_: uPlot, __: number | null, most: number | null): [number, number] {
  return [0, most === null || most === 0 ? 1 : most * 1.1];
}

function decadesAround(_: uPlot, least: number | null, most: number | null): [number, number] {
  const low = Math.floor(Math.log10(least ?? 100));
  const high = Math.ceil(Math.log10((most ?? 10_000) * 1.01));
  return [10 ** low, 10 ** Math.max(high, low + 1)];
}

/** Instants, then a list of values for each line. */
type Aligned = [number[], ...(number | null)[][]];

/** Lists of columns by their instants; what one of them lacks there is null. */
function joined(lists: readonly (readonly LiveColumn[])[], lines: readonly Line[]): Aligned {
  const instants: number[] = [];
  const values: (number | null)[][] = lines.map(() => []);
  const places = lists.map(() => 0);
  for (;;) {
    const next = lists.map((columns, i) => columns[places[i]]?.atNs ?? Infinity);
    const atNs = Math.min(...next);
    if (atNs === Infinity) return [instants, ...values];
    const found = lists.map((columns, i) => (next[i] - atNs < 1 ? columns[places[i]++] : null));
    instants.push(atNs);
    lines.forEach(({ policy, of }, line) => {
      const column = found[policy];
      values[line].push(column === null ? null : of(column));
    });
  }
}
