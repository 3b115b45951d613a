import type { JSX } from 'preact';
import type { Arrow, Span, SpanKind } from '../../src/timeline/spans.js';
import type { Timeline } from '../../src/timeline/timeline.js';

/** The lane of a processor, in px: the higher the IRQL, the taller what runs. */
const LANE = 34;
const BASE = 4;
const HEAD = 54;
const MOST_LANES = 16;
const TOP_IRQL = 15;

/** Colours of the time split (play.css), by what a span is. */
const COLOURS: Record<SpanKind, string> = {
  isr: 'a0',
  clock: 'a1',
  ipi: 'a2',
  drain: 'a3',
  routine: 'a3',
  passive: 'a5',
  'spin-lock': 'a5',
  'dpc-thread': 'a6',
  switch: 'a6',
  wake: 'a7',
  poll: 'a7',
  halt: 'a7',
};

interface TimelineProps {
  timeline: Timeline;
  /** The part that is seen. */
  fromNs: number;
  toNs: number;
  width: number;
  label: string;
  /** Where the pace stands. */
  nowNs?: number;
}

/** Lanes of processors, spans by IRQL, arrows for IPIs. */
export function TimelineView(props: TimelineProps): JSX.Element {
  const { fromNs, label, nowNs, timeline, toNs, width } = props;
  const lanes = Math.min(timeline.processors, MOST_LANES);
  const height = lanes * LANE + BASE;
  const scale = (width - HEAD) / (toNs - fromNs);
  const x = (ns: number): number => HEAD + (Math.min(Math.max(ns, fromNs), toNs) - fromNs) * scale;
  const isSeen = (startNs: number, endNs: number): boolean => endNs >= fromNs && startNs <= toNs;
  return (
    <svg class="timeline" width={width} height={height} role="img" aria-label={label}>
      {Array.from({ length: lanes }, (_, cpu) => (
        <g key={cpu}>
          <text x="0" y={cpu * LANE + LANE - 4}>
            CPU {cpu}
          </text>
          <path class="base" d={`M${HEAD} ${(cpu + 1) * LANE}H${width}`} />
        </g>
      ))}
      {timeline.spans.map((span, i) =>
        span.processor < lanes && isSeen(span.startNs, span.endNs) ? (
          <SpanMark key={i} span={span} x={x} />
        ) : null,
      )}
      {timeline.arrows.map((arrow, i) =>
        arrow.kind === 'ipi' &&
        arrow.from < lanes &&
        arrow.to < lanes &&
        isSeen(arrow.fromNs, arrow.toNs) ? (
          <ArrowMark key={i} arrow={arrow} x={x} />
        ) : null,
      )}
      {nowNs !== undefined && <path class="now" d={`M${x(nowNs)} 0V${height}`} />}
    </svg>
  );
}

function SpanMark({ span, x }: { span: Span; x: (ns: number) => number }): JSX.Element | null {
  const { kind, irql, label, processor, startNs, endNs } = span;
  if (kind === 'halt' || kind === 'poll') return null;
  const tall = BASE + ((LANE - 10) * (kind === 'spin-lock' ? 2 : irql)) / TOP_IRQL;
  const left = x(startNs);
  const wide = Math.max(0.75, x(endNs) - left);
  const bottom = (processor + 1) * LANE;
  const isNamed = label !== '' && wide > 7 * label.length;
  return (
    <g>
      <rect
        class={COLOURS[kind]}
        x={left}
        y={bottom - tall}
        width={wide}
        height={tall}
        opacity={kind === 'drain' ? 0.5 : 1}
      />
      {isNamed && (
        <text class="name" x={left + 2} y={bottom - tall - 2}>
          {label}
        </text>
      )}
    </g>
  );
}

function ArrowMark({ arrow, x }: { arrow: Arrow; x: (ns: number) => number }): JSX.Element {
  const { from, to, fromNs, toNs } = arrow;
  const at = (cpu: number): number => (cpu + 1) * LANE - BASE - 4;
  const end = `${x(toNs)} ${at(to)}`;
  return (
    <g class="ipi">
      <path d={`M${x(fromNs)} ${at(from)}L${end}`} />
      <circle cx={x(toNs)} cy={at(to)} r="3" />
    </g>
  );
}
