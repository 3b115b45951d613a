import type { JSX, RefObject } from 'preact';
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { processorLines } from '../../src/export/processor.js';
import { ACTIVITY_WORDS } from '../../src/report/activity-colours.js';
import type { DrawOptions, LanePlace, TimelineStrip } from '../../src/report/draw-timeline.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { busyProcessors, lanesAround } from '../../src/timeline/narrowed-timeline.js';
import { MOST_TOLD_EVENTS, ReplayedTimeline } from '../../src/timeline/replayed-timeline.js';
import type { Step } from '../../src/timeline/explain-event.js';
import type { Timeline, Window } from '../../src/timeline/timeline.js';
import { formatNsExactly } from '../../src/units.js';
import { wordsAt } from './pointed-mark.js';
import { ProcessorField } from './processor-field.js';
import { MovingStrip } from './timeline-strip.js';

/** A timeline that a reader can go along. */
export interface Explored {
  /** What the timeline is of, with one policy (`sceneOf`). */
  scene: Scenario;
  timeline: Timeline;
  /** The instant that is called 0. */
  zeroNs: number;
  marked?: DrawOptions['marked'];
  /** Where they are known: its steps, and the processors that do something, shown or not. */
  steps?: readonly Step[];
  busy?: readonly number[];
  /** Those of which it tells all; left out: every one. */
  told?: readonly number[];
}

interface ExplorerProps {
  explored: Explored;
  label: string;
  /** Where the cursor stands at first, and on which processor; left out: at the beginning. */
  cursorNs?: number;
  processor?: number;
  /** Where the pace stands: the cursor goes along, with so many ns in sight. */
  follow?: { nowNs: number; seenNs: number };
  /** Called with the processor that is inspected, whenever it is another one. */
  onProcessor?: (processor: number) => void;
}

const KEYS =
  'Left and right go to the event before and after, plus and minus zoom, up and down choose a ' +
  'processor.';
const STEPS_BEFORE = 4;
const STEPS_AFTER = 3;
const ZOOM = 1.6;
const LEAST_SEEN_NS = 20;
/** Under the lanes: the instants, which the cursor leaves readable. */
const AXIS_PX = 22;
/** The share of what is seen that lies before the pace. */
const BEFORE_NOW = 0.7;

/** Lanes, the steps around a cursor, and a processor as a debugger would show it there. */
export function TimelineExplorer(props: ExplorerProps): JSX.Element {
  const { explored, follow, label, onProcessor } = props;
  const { scene, steps, timeline, told, zeroNs } = explored;
  const replayed = useMemo(
    () =>
      timeline.events.length > MOST_TOLD_EVENTS || (told !== undefined && steps === undefined)
        ? null
        : new ReplayedTimeline(scene, timeline, steps),
    [explored],
  );
  const cursor = useSignal(props.cursorNs ?? timeline.window.fromNs);
  const seen = useSignal<Window>(timeline.window);
  const processor = useSignal(props.processor ?? 0);
  useLayoutEffect(() => {
    if (follow === undefined) return;
    const fromNs = follow.nowNs - BEFORE_NOW * follow.seenNs;
    cursor.value = follow.nowNs;
    seen.value = { fromNs, toNs: fromNs + follow.seenNs };
  }, [follow?.nowNs, follow?.seenNs]);
  useEffect(() => onProcessor?.(processor.value), [processor.value]);
  const busy = useMemo(() => explored.busy ?? busyProcessors(timeline), [explored]);
  const around = told ?? lanesAround(busy, processor.value);
  const lanes = useMemo(() => busy.filter((each) => around.includes(each)), [busy, around.join()]);
  const ground: Ground = { explored, replayed, cursor, seen, processor };
  return (
    <div class="explorer">
      <div
        class="lanes"
        role="group"
        tabIndex={0}
        aria-label={`${label}. ${KEYS}`}
        onKeyDown={(event) => onKey(event, ground)}
      >
        <Lanes {...ground} lanes={lanes} label={label} />
      </div>
      {lanes.length < busy.length && (
        <p class="note">
          Of {busy.length} processors that do something here, {lanes.length} have lanes: CPU{' '}
          {lanes[0]} to {lanes.at(-1)}. Inspect another one to see it.
        </p>
      )}
      <ul class="key">
        {ACTIVITY_WORDS.map(([activity, words]) => (
          <li key={activity}>
            <svg class="timeline swatch" width="11" height="11" aria-hidden="true">
              <rect class={`tl-${activity}`} width="11" height="11" />
            </svg>{' '}
            {words}
          </li>
        ))}
      </ul>
      <Tools {...ground} />
      {replayed === null ? (
        <p class="note">More happens here than can be told step by step.</p>
      ) : (
        <div class="beside">
          <Steps {...ground} replayed={replayed} />
          <Inspector {...ground} replayed={replayed} />
        </div>
      )}
      <p class="unseen" aria-live={follow === undefined ? 'polite' : 'off'}>
        {instant(cursor.value - zeroNs)}
      </p>
    </div>
  );
}

interface Ground {
  explored: Explored;
  replayed: ReplayedTimeline | null;
  cursor: Signal<number>;
  seen: Signal<Window>;
  processor: Signal<number>;
}

function onKey(event: KeyboardEvent, ground: Ground): void {
  const act: Record<string, () => void> = {
    ArrowLeft: () => goToEvent(ground, -1),
    ArrowRight: () => goToEvent(ground, 1),
    ArrowUp: () => chooseProcessor(ground, -1),
    ArrowDown: () => chooseProcessor(ground, 1),
    Home: () => goTo(ground, ground.explored.timeline.window.fromNs),
    End: () => goTo(ground, ground.explored.timeline.window.toNs),
    '+': () => zoom(ground, 1 / ZOOM),
    '=': () => zoom(ground, 1 / ZOOM),
    '-': () => zoom(ground, ZOOM),
  };
  const found = event.ctrlKey || event.altKey || event.metaKey ? undefined : act[event.key];
  if (found === undefined) return;
  event.preventDefault();
  found();
}

function chooseProcessor({ explored, processor }: Ground, by: number): void {
  const { processors } = explored.timeline;
  processor.value = Math.min(processors - 1, Math.max(0, processor.value + by));
}

/** The cursor to an instant, which comes into sight. */
function goTo({ cursor, explored, seen }: Ground, ns: number): void {
  const { fromNs, toNs } = explored.timeline.window;
  cursor.value = Math.min(toNs, Math.max(fromNs, Math.round(ns)));
  const width = seen.value.toNs - seen.value.fromNs;
  if (ns >= seen.value.fromNs && ns <= seen.value.toNs) return;
  seen.value = { fromNs: cursor.value - width / 2, toNs: cursor.value + width / 2 };
}

/** To the next instant, or the one before, at which something happens. */
function goToEvent(ground: Ground, by: 1 | -1): void {
  const steps = ground.replayed?.steps ?? [];
  const nowNs = ground.cursor.value;
  const next = by === 1 ? steps.find(({ t }) => t > nowNs) : steps.findLast(({ t }) => t < nowNs);
  if (next === undefined) return;
  ground.processor.value = next.p;
  goTo(ground, next.t);
}

/** Around the cursor, not farther than the timeline. */
function zoom({ cursor, explored, seen }: Ground, times: number): void {
  const { fromNs, toNs } = seen.value;
  const { window } = explored.timeline;
  const most = Math.max(window.toNs - window.fromNs, toNs - fromNs);
  const width = Math.min(most, Math.max(LEAST_SEEN_NS, (toNs - fromNs) * times));
  const share = Math.min(1, Math.max(0, (cursor.value - fromNs) / (toNs - fromNs)));
  const from = cursor.value - share * width;
  seen.value = { fromNs: from, toNs: from + width };
}

interface LanesProps extends Ground {
  /** The processors that have one. */
  lanes: readonly number[];
  label: string;
}

/** The room for an element, in whole pixels. */
function useWidthAround(element: RefObject<Element | null>): Signal<number> {
  const width = useSignal(600);
  useLayoutEffect(() => {
    const host = element.current!.parentElement!;
    const measure = (): void => {
      width.value = Math.max(260, Math.floor(host.clientWidth));
    };
    const resized = new ResizeObserver(measure);
    measure();
    resized.observe(host);
    return () => resized.disconnect();
  }, []);
  return width;
}

function Lanes({ label, lanes, ...ground }: LanesProps): JSX.Element {
  const { cursor, explored, processor, seen } = ground;
  const svg = useRef<SVGSVGElement>(null);
  const names = useRef<SVGGElement>(null);
  const body = useRef<SVGSVGElement>(null);
  const lane = useRef<TimelineStrip['laneAt']>(() => null);
  const width = useWidthAround(svg);
  const place = useSignal<Pick<TimelineStrip, 'namesPx' | 'heightPx'>>({ namesPx: 0, heightPx: 0 });
  // Preact has one type for a title, be it a page's or a drawing's; its text is all that is used.
  const said = useRef<HTMLTitleElement>(null);
  const strip = useMemo(
    () => ({ current: null as MovingStrip | null }),
    [explored.zeroNs, explored.marked],
  );
  const bodyPx = Math.max(100, width.value - 124);
  useLayoutEffect(() => {
    strip.current ??= new MovingStrip(
      { names: names.current!, body: body.current! },
      explored.zeroNs,
      explored.marked,
    );
    const shown = { lanes, seen: seen.value, widthPx: bodyPx };
    const { heightPx, laneAt, namesPx } = strip.current.show(explored.timeline, shown);
    lane.current = laneAt;
    if (heightPx !== place.value.heightPx) place.value = { heightPx, namesPx };
  }, [explored, lanes, seen.value, bodyPx]);
  const { heightPx, namesPx } = place.value;
  const { fromNs, toNs } = seen.value;
  const x = namesPx + ((cursor.value - fromNs) / (toNs - fromNs)) * bodyPx;
  const pointedAt = (event: MouseEvent): { ns: number; at: LanePlace | null } | null => {
    const { left, top } = svg.current!.getBoundingClientRect();
    const px = event.clientX - left - namesPx;
    if (px < 0) return null;
    return { ns: fromNs + ((toNs - fromNs) * px) / bodyPx, at: lane.current(event.clientY - top) };
  };
  const choose = (event: MouseEvent): void => {
    const pointed = pointedAt(event);
    if (pointed === null) return;
    goTo(ground, pointed.ns);
    if (pointed.at !== null) processor.value = pointed.at.processor;
  };
  const say = (event: MouseEvent): void => {
    const pointed = pointedAt(event);
    const isLane = pointed !== null && pointed.at !== null;
    const words = isLane ? wordsAt(explored.timeline, pointed.at!, pointed.ns) : '';
    if (said.current!.textContent !== words) said.current!.textContent = words;
  };
  return (
    <svg
      ref={svg}
      class="timeline"
      width={width.value}
      height={heightPx}
      viewBox={`0 0 ${width.value} ${heightPx}`}
      role="img"
      aria-label={label}
      onClick={choose}
      onPointerMove={say}
    >
      <title ref={said} />
      {/* An image is heard by its name alone: what happens in it stands in the steps. */}
      <g ref={names} aria-hidden="true" />
      <svg ref={body} x={namesPx} y="0" aria-hidden="true" />
      {x >= namesPx && x <= width.value && (
        <path class="tl-cursor" d={`M${x} 0V${heightPx - AXIS_PX}`} />
      )}
    </svg>
  );
}

function Tools(ground: Ground): JSX.Element {
  const { cursor, explored, processor, seen } = ground;
  const { processors, window } = explored.timeline;
  return (
    <p class="tools">
      <button type="button" onClick={() => goToEvent(ground, -1)}>
        Event before
      </button>
      <button type="button" onClick={() => goToEvent(ground, 1)}>
        Event after
      </button>
      <button type="button" onClick={() => zoom(ground, 1 / ZOOM)}>
        Zoom in
      </button>
      <button type="button" onClick={() => zoom(ground, ZOOM)}>
        Zoom out
      </button>
      <button type="button" onClick={() => (seen.value = window)}>
        All of it
      </button>
      <ProcessorField label="Inspect CPU" count={processors} chosen={processor} />
      <span class="at">{instant(cursor.value - explored.zeroNs)}</span>
    </p>
  );
}

function Steps(ground: Ground & { replayed: ReplayedTimeline }): JSX.Element {
  const { cursor, explored, processor, replayed } = ground;
  const { steps } = replayed;
  const last = replayed.lastStepAt(cursor.value);
  const first = Math.max(0, last - STEPS_BEFORE);
  return (
    <ol class="steps">
      {steps.slice(first, last + 1 + STEPS_AFTER).map((step, i) => (
        <li
          key={first + i}
          class={first + i > last ? 'later' : ''}
          aria-current={first + i === last ? 'step' : undefined}
        >
          <button
            type="button"
            class="instant"
            onClick={() => {
              processor.value = step.p;
              goTo(ground, step.t);
            }}
          >
            {instant(step.t - explored.zeroNs)}
          </button>{' '}
          CPU {step.p} <b>{step.rule}</b> {step.text}
        </li>
      ))}
    </ol>
  );
}

/** What `dpcbench inspect` prints of the processor at the cursor. */
function Inspector({
  cursor,
  explored,
  processor,
  replayed,
}: Ground & { replayed: ReplayedTimeline }): JSX.Element {
  const text = (() => {
    const isTold = explored.told?.includes(processor.value) ?? true;
    if (!isTold) return `processor ${processor.value} is on its way`;
    // Between two whole ns nothing happens.
    const ns = Math.floor(cursor.value);
    const state = replayed.at(ns);
    const index = Math.min(processor.value, state.processors.length - 1);
    return processorLines(explored.scene, state, index, ns).join('\n');
  })();
  return (
    <pre class="inspector" tabIndex={0} role="region" aria-label="The processor at the cursor">
      {text}
    </pre>
  );
}

/** To the ns: events lie close together. */
export function instant(ns: number): string {
  return formatNsExactly(Math.round(ns));
}
