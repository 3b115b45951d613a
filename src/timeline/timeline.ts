import type { Scenario } from '../scenario/scenario.js';
import type { LogEvent } from './log-event.js';
import { type MachineSnapshot, MachineState } from './machine-state.js';
import { type Arrow, type Span, SpanRecorder } from './spans.js';

/** Simulated time, both ends included, in ns. */
export interface Window {
  fromNs: number;
  toNs: number;
}

/** A machine between two instants: pure data, in which spans and arrows may reach out of it. */
export interface Timeline {
  window: Window;
  processors: number;
  /** The machine before the first of `events`. */
  start: MachineSnapshot;
  /** Those that touch the window, by processor, then start, then level. */
  spans: Span[];
  /** In the order in which they arrive. */
  arrows: Arrow[];
  /** Everything that happened in the window. */
  events: LogEvent[];
}

/**
 * Keeps a window of a detailed event log. It must see the log from time 0 on, since what lies in
 * the window began before; what it keeps is what touches the window. Before the window it follows
 * the state alone, which is half the work.
 */
export class TimelineBuilder {
  /** The machine after the last event. */
  readonly state: MachineState;
  private recorder: SpanRecorder | null = null;
  private readonly spans: Span[] = [];
  private readonly arrows: Arrow[] = [];
  private readonly events: LogEvent[] = [];
  private start: MachineSnapshot | null = null;

  constructor(
    scenario: Scenario,
    policyIndex: number,
    readonly window: Window,
  ) {
    this.state = new MachineState(scenario, policyIndex);
  }

  /** False for an event after the window: it is not carried out, and nothing more is needed. */
  add(event: LogEvent): boolean {
    if (event.t > this.window.toNs) return false;
    if (event.t < this.window.fromNs) {
      this.state.apply(event);
      return true;
    }
    this.start ??= this.state.snapshot();
    this.recorder ??= this.record();
    this.recorder.add(event);
    this.events.push(event);
    return true;
  }

  /** Cuts what goes on at the end of the window. */
  finish(): Timeline {
    const recorder = this.recorder ?? this.record();
    recorder.finish(this.window.toNs);
    const { arrows, events, spans, window } = this;
    const start = this.start ?? this.state.snapshot();
    spans.sort((a, b) => a.processor - b.processor || a.startNs - b.startNs || a.level - b.level);
    return { window, processors: start.processors.length, start, spans, arrows, events };
  }

  private record(): SpanRecorder {
    const { fromNs, toNs } = this.window;
    const touches = (startNs: number, endNs: number): boolean => endNs >= fromNs && startNs <= toNs;
    return new SpanRecorder(this.state, {
      onSpan: (span) => {
        if (touches(span.startNs, span.endNs)) this.spans.push(span);
      },
      onArrow: (arrow) => {
        if (touches(arrow.fromNs, arrow.toNs)) this.arrows.push(arrow);
      },
    });
  }
}
