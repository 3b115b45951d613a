import type { Scenario } from '../scenario/scenario.js';
import type { LogEvent } from '../timeline/log-event.js';
import { MachineState } from '../timeline/machine-state.js';
import { IRQL_NAMES, topOf } from '../timeline/processor-state.js';
import { type Span, SpanRecorder } from '../timeline/spans.js';
import {
  type EventPacket,
  INSTANT,
  PacketWriter,
  SLICE_BEGIN,
  SLICE_END,
} from './perfetto-packets.js';

const PROCESS_UUID = 1;
/** Numbers of tracks that a processor has: itself, its IRQLs, its counters. */
const UUIDS_PER_PROCESSOR = 32;
const DEPTH_TRACK = 20;
const MAXIMUM_TRACK = 21;
const HIGHEST_IRQL = 14;

/**
 * A detailed event log as a trace that ui.perfetto.dev opens: for each processor a track for each
 * IRQL with nested slices, counters of the queue's depth and of its maximum, and arrows from the
 * insert of a DPC to its routine and from an IPI's request over its arrival to the drain.
 */
export class PerfettoTrace {
  private readonly writer = new PacketWriter();
  private readonly recorder: SpanRecorder;
  private readonly known = new Set<number>();
  private event: LogEvent | null = null;
  private flows = 0;
  /** By DPC object: the arrow from its insert. */
  private readonly queued = new Map<number, number>();
  /** Arrows of IPIs under way, in the order sent; by processor, of those that have arrived. */
  private readonly flying: number[] = [];
  private readonly arrived = new Map<number, number[]>();

  constructor(scenario: Scenario) {
    const state = new MachineState(scenario, 0);
    const name = `${scenario.name} under ${scenario.policies[0].name}`;
    this.writer.track({ uuid: PROCESS_UUID, parentUuid: 0, name, rank: 0, kind: 'process' });
    for (const { index } of state.processors) this.describe(index);
    this.recorder = new SpanRecorder(state, {
      onOpen: (span) => this.open(span),
      onSpan: (span) => this.close(span),
      // Arrows are drawn from the events themselves, which have slices to begin and end at.
      onArrow: () => undefined,
    });
  }

  /** Takes the next event; answers what is ready to be written. */
  *add(event: LogEvent): Generator<Uint8Array, void, undefined> {
    this.event = event;
    if (event.e === 'ipi') this.arriveIpi(event);
    this.recorder.add(event);
    if (event.e === 'insert' && event.queued) this.insert(event);
    if (event.e === 'insert' || event.e === 'dpc-start') {
      this.countDepth(event.e === 'insert' ? event.target : event.p, event.t);
    } else if (event.e === 'tick') {
      this.writer.counter(event.t, trackOf(event.p, MAXIMUM_TRACK), event.maximum);
    }
    yield* this.writer.take();
  }

  *finish(endNs: number): Generator<Uint8Array, void, undefined> {
    this.recorder.finish(endNs);
    yield* this.writer.take(true);
  }

  private describe(index: number): void {
    const uuid = trackOf(index, 0);
    const own = { parentUuid: uuid, kind: 'counter' } as const;
    this.writer.track({
      uuid,
      parentUuid: PROCESS_UUID,
      name: `CPU ${index}`,
      rank: index,
      kind: 'track',
    });
    const depth = trackOf(index, DEPTH_TRACK);
    const maximum = trackOf(index, MAXIMUM_TRACK);
    this.writer.track({ ...own, uuid: depth, name: 'DPC queue depth', rank: DEPTH_TRACK });
    this.writer.track({ ...own, uuid: maximum, name: 'maximum depth', rank: MAXIMUM_TRACK });
  }

  /** The track of an IRQL, which is told of when it is used first; the highest IRQL is on top. */
  private irqlTrack(processor: number, irql: number): number {
    const uuid = trackOf(processor, 1 + irql);
    if (this.known.has(uuid)) return uuid;
    this.known.add(uuid);
    const name = `IRQL ${irql}${irql in IRQL_NAMES ? ` ${IRQL_NAMES[irql]}` : ''}`;
    const parentUuid = trackOf(processor, 0);
    this.writer.track({ uuid, parentUuid, name, rank: HIGHEST_IRQL - irql, kind: 'track' });
    return uuid;
  }

  private open(span: Span): void {
    const begin: EventPacket = {
      timeNs: span.startNs,
      type: SLICE_BEGIN,
      trackUuid: this.irqlTrack(span.processor, span.irql),
      name: nameOf(span),
    };
    const { event } = this;
    if (span.kind === 'drain') {
      const endingFlowIds = this.arrived.get(span.processor) ?? [];
      this.arrived.delete(span.processor);
      this.writer.event({ ...begin, endingFlowIds });
    } else if (span.kind === 'routine' && event?.e === 'dpc-start') {
      const flow = this.queued.get(event.object);
      this.queued.delete(event.object);
      const endingFlowIds = flow === undefined ? [] : [flow];
      const annotations = { wait_ns: event.wait, items: event.items };
      this.writer.event({ ...begin, endingFlowIds, annotations });
    } else {
      this.writer.event(begin);
    }
  }

  /** A bare bottom is told as a whole when it is over; idle time is no slice. */
  private close(span: Span): void {
    if (span.kind === 'poll' || span.kind === 'halt') return;
    if (span.level === 0) this.open(span);
    const trackUuid = this.irqlTrack(span.processor, span.irql);
    this.writer.event({ timeNs: span.endNs, type: SLICE_END, trackUuid });
  }

  private insert(event: LogEvent & { e: 'insert' }): void {
    const { depth = 0, dpc, index, object, p, request = 'none', t, target } = event;
    const flow = ++this.flows;
    this.queued.set(object, flow);
    const flowIds = [flow];
    if (request === 'ipi') {
      this.flying.push(++this.flows);
      flowIds.push(this.flows);
    }
    // Timers expire at the end of the clock activity, which is over by now.
    const irql = index < 0 ? 13 : topOf(this.recorder.state.processors[p]).irql;
    this.writer.event({
      timeNs: t,
      type: INSTANT,
      trackUuid: this.irqlTrack(p, irql),
      name: `queue ${dpc} to CPU ${target}`,
      annotations: { request, depth },
      flowIds,
    });
  }

  private arriveIpi({ p, t }: LogEvent): void {
    const flow = this.flying.shift();
    if (flow === undefined) return;
    this.arrived.set(p, [...(this.arrived.get(p) ?? []), flow]);
    const trackUuid = this.irqlTrack(p, HIGHEST_IRQL);
    this.writer.event({ timeNs: t, type: INSTANT, trackUuid, name: 'IPI', flowIds: [flow] });
  }

  private countDepth(processor: number, timeNs: number): void {
    const { queue, threadedQueue } = this.recorder.state.processors[processor];
    const depth = queue.length + threadedQueue.length;
    this.writer.counter(timeNs, trackOf(processor, DEPTH_TRACK), depth);
  }
}

function trackOf(processor: number, place: number): number {
  return (processor + 1) * UUIDS_PER_PROCESSOR + place;
}

function nameOf({ kind, label, origin }: Span): string {
  switch (kind) {
    case 'routine':
      return label;
    case 'isr':
      return `ISR ${label}`;
    case 'drain':
      return origin === 'idle' ? 'drain on the idle stack' : 'drain on the DPC stack';
    case 'passive':
      return 'thread';
    case 'spin-lock':
      return 'spin lock';
    case 'dpc-thread':
      return 'DPC thread';
    case 'switch':
      return 'switch to the DPC thread';
    case 'wake':
      return 'exit from the halt';
    case 'ipi':
      return 'IPI handler';
    default:
      return kind;
  }
}
