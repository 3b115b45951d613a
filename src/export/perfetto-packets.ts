import { PbfWriter } from 'pbf';

/**
 * Packets of Perfetto's trace format, with the field numbers of its published schema
 * (protos/perfetto/trace: trace.proto, trace_packet.proto, track_event/*.proto). A trace is a row
 * of packets, so that it can be written piece by piece.
 */

const TRACE = { packet: 1 };
const PACKET = { timestamp: 8, sequenceId: 10, trackEvent: 11, trackDescriptor: 60 };
const TRACK = {
  uuid: 1,
  name: 2,
  processDescriptor: 3,
  parentUuid: 5,
  counter: 8,
  childOrdering: 11,
  siblingOrderRank: 12,
};
const PROCESS = { pid: 1, processName: 6 };
const COUNTER = { unit: 3 };
const EVENT = {
  annotations: 4,
  type: 9,
  trackUuid: 11,
  name: 23,
  counterValue: 30,
  flowIds: 47,
  terminatingFlowIds: 48,
};
const ANNOTATION = { intValue: 4, stringValue: 6, name: 10 };

export const SLICE_BEGIN = 1;
export const SLICE_END = 2;
export const INSTANT = 3;
const COUNTER_EVENT = 4;
const UNIT_COUNT = 2;
const EXPLICIT_ORDER = 3;
/** All packets come from one writer. */
const SEQUENCE = 1;

/** A line of the picture, or what holds some of them together. */
export interface TrackPacket {
  uuid: number;
  /** 0 for none. */
  parentUuid: number;
  name: string;
  /** Place among those of the same parent, from 0 at the top. */
  rank: number;
  kind: 'process' | 'track' | 'counter';
}

/** A slice's begin or end, or an instant. Times are in ns. */
export interface EventPacket {
  timeNs: number;
  type: typeof SLICE_BEGIN | typeof SLICE_END | typeof INSTANT;
  trackUuid: number;
  name?: string;
  annotations?: Record<string, string | number>;
  /** Arrows that begin or go on here, and those that end here. */
  flowIds?: readonly number[];
  endingFlowIds?: readonly number[];
}

/** Bytes are handed on when there are so many. */
const PIECE_BYTES = 1 << 16;

/** Collects packets until there are enough of them for a piece. */
export class PacketWriter {
  private writer = new PbfWriter(new Uint8Array(2 * PIECE_BYTES));

  track(track: TrackPacket): void {
    this.packet((packet) => {
      packet.writeMessage(PACKET.trackDescriptor, writeTrack, track);
    });
  }

  event(event: EventPacket): void {
    this.packet((packet) => {
      packet.writeVarintField(PACKET.timestamp, event.timeNs);
      packet.writeMessage(PACKET.trackEvent, writeEvent, event);
    });
  }

  counter(timeNs: number, trackUuid: number, value: number): void {
    this.packet((packet) => {
      packet.writeVarintField(PACKET.timestamp, timeNs);
      packet.writeMessage(PACKET.trackEvent, writeCounter, { trackUuid, value });
    });
  }

  /** What has been written, if it is enough for a piece, or all of it. */
  *take(isLast = false): Generator<Uint8Array, void, undefined> {
    if (this.writer.pos === 0 || (!isLast && this.writer.pos < PIECE_BYTES)) return;
    const piece = this.writer.finish();
    this.writer = new PbfWriter(new Uint8Array(2 * PIECE_BYTES));
    yield piece;
  }

  private packet(write: (packet: PbfWriter) => void): void {
    this.writer.writeMessage(TRACE.packet, writePacket, write);
  }
}

function writePacket(write: (packet: PbfWriter) => void, packet: PbfWriter): void {
  packet.writeVarintField(PACKET.sequenceId, SEQUENCE);
  write(packet);
}

function writeTrack({ kind, name, parentUuid, rank, uuid }: TrackPacket, out: PbfWriter): void {
  out.writeVarintField(TRACK.uuid, uuid);
  out.writeStringField(TRACK.name, name);
  if (parentUuid !== 0) out.writeVarintField(TRACK.parentUuid, parentUuid);
  if (kind === 'process') out.writeMessage(TRACK.processDescriptor, writeProcess, name);
  if (kind === 'counter') out.writeMessage(TRACK.counter, writeCounterUnit, UNIT_COUNT);
  else out.writeVarintField(TRACK.childOrdering, EXPLICIT_ORDER);
  out.writeVarintField(TRACK.siblingOrderRank, rank);
}

function writeProcess(name: string, out: PbfWriter): void {
  out.writeVarintField(PROCESS.pid, 1);
  out.writeStringField(PROCESS.processName, name);
}

function writeCounterUnit(unit: number, out: PbfWriter): void {
  out.writeVarintField(COUNTER.unit, unit);
}

function writeEvent(event: EventPacket, out: PbfWriter): void {
  const { annotations = {}, endingFlowIds = [], flowIds = [], name, trackUuid, type } = event;
  out.writeVarintField(EVENT.type, type);
  out.writeVarintField(EVENT.trackUuid, trackUuid);
  if (name !== undefined) out.writeStringField(EVENT.name, name);
  for (const entry of Object.entries(annotations)) {
    out.writeMessage(EVENT.annotations, writeAnnotation, entry);
  }
  for (const id of flowIds) out.writeFixed64Field(EVENT.flowIds, id);
  for (const id of endingFlowIds) out.writeFixed64Field(EVENT.terminatingFlowIds, id);
}

function writeAnnotation([name, value]: [string, string | number], out: PbfWriter): void {
  out.writeStringField(ANNOTATION.name, name);
  if (typeof value === 'string') out.writeStringField(ANNOTATION.stringValue, value);
  else out.writeVarintField(ANNOTATION.intValue, value);
}

function writeCounter(
  { trackUuid, value }: { trackUuid: number; value: number },
  out: PbfWriter,
): void {
  out.writeVarintField(EVENT.type, COUNTER_EVENT);
  out.writeVarintField(EVENT.trackUuid, trackUuid);
  out.writeVarintField(EVENT.counterValue, value);
}
