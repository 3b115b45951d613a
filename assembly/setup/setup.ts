import {
  ARRIVALS_RECORDING,
  BACKGROUND_BUSY,
  BACKGROUND_SLOTS,
  BACKGROUND_STREAM,
  CONFIG_BACKGROUND_COUNT,
  CONFIG_BACKGROUND_SLOT,
  CONFIG_SOURCE_COUNT,
  CONFIG_SOURCE_SLOT,
  INIT_FIFO_ITEMS,
  INIT_LINES,
  INIT_MEMORY,
  INIT_OBJECTS,
  INIT_OK,
  LATENCY_COUNT,
  LATENCY_DPC_WAIT,
  LATENCY_INTERRUPT_TO_DPC,
  LATENCY_ISR_WAIT,
  MAX_DPC_OBJECTS,
  MAX_FIFO_ITEMS,
  MAX_LINES,
  SOURCE_ARRIVALS,
  SOURCE_FIFO,
  SOURCE_GAP,
  SOURCE_HAS_DPC,
  SOURCE_IRQL,
  SOURCE_ISR,
  SOURCE_IS_TIMER,
  SOURCE_PERIOD_NS,
  SOURCE_PER_ITEM,
  SOURCE_PER_PROCESSOR,
  SOURCE_PROCESSORS_COUNT,
  SOURCE_PROCESSORS_SLOT,
  SOURCE_SERVICE,
  SOURCE_SLOTS,
  SOURCE_START_NS,
  SOURCE_STREAMS,
  SOURCE_TABLE_COUNT,
  SOURCE_TABLE_SLOT,
  SOURCE_MODERATED,
  SOURCE_THREADED,
  RECORDED_SLOTS,
} from '../shared/abi';
import { startArrivals } from '../streams/arrivals';
import {
  adjustDpcThreshold,
  config,
  maximumDpcQueueDepth,
  processorCount,
  slot,
  tickNs,
  tickSkewNs,
  recordedProcessor,
} from '../ground/config';
import { constantNs, distributionSlot, isConstant } from '../streams/distribution';
import { carveHistograms, histogramAt } from '../ground/histogram';
import { carveMachineLatencies } from '../results/machine-latencies';
import { carve, memoryFailed } from '../ground/memory';
import { DpcThread } from '../records/dpc-thread';
import { NsSum } from '../ground/ns-sum';
import { Prcb } from '../records/prcb';
import { Stream } from '../ground/random';
import { Scope } from '../records/scope';
import { Source } from '../records/source';
import { prcbAt, setTables, sourceAt, sourceCount } from '../records/tables';
import { carveLines, carveObjects, TIMER_FIFO } from './setup-lines';

/**
 * Carves every record of a run out of memory and links them as the config block says. Answers
 * INIT_OK or the limit that the scenario is over; nothing has been simulated then.
 */
export function setUp(): i32 {
  const count = <i32>slot(CONFIG_SOURCE_COUNT);
  const limit = checkLimits(count);
  if (limit != INIT_OK) return limit;
  setTables(
    carve(<usize>processorCount * offsetof<Prcb>()),
    carve(<usize>count * offsetof<Source>()),
    count,
  );
  if (memoryFailed()) return INIT_MEMORY;
  const hasThreads = hasThreadedSource(count);
  for (let i = 0; i < processorCount; i++) setUpPrcb(prcbAt(i), i, hasThreads);
  for (let i = 0; i < count; i++) setUpSource(sourceAt(i), i);
  if (!carveLatencies() || !carveLines() || !carveObjects()) return INIT_MEMORY;
  attachTimers();
  return memoryFailed() ? INIT_MEMORY : INIT_OK;
}

/** Counts lines, objects and FIFO items before anything is carved. */
function checkLimits(count: i32): i32 {
  let lines: i64 = 0;
  let objects: i64 = processorCount;
  let items: i64 = <i64>processorCount * TIMER_FIFO;
  for (let i = 0; i < count; i++) {
    const record = <i32>slot(CONFIG_SOURCE_SLOT) + i * SOURCE_SLOTS;
    if (slot(record + SOURCE_IS_TIMER) != 0) continue;
    const own = countLines(record);
    const ownObjects: i64 = slot(record + SOURCE_PER_PROCESSOR) != 0 ? own : 1;
    lines += own;
    objects += ownObjects;
    items += ownObjects * slot(record + SOURCE_FIFO);
  }
  if (lines > MAX_LINES) return INIT_LINES;
  if (objects > MAX_DPC_OBJECTS) return INIT_OBJECTS;
  return items > MAX_FIFO_ITEMS ? INIT_FIFO_ITEMS : INIT_OK;
}

/** Distinct processors of a source: a bit for each in a set of MAX_PROCESSORS bits. */
const seen = memory.data(128);

function countLines(record: i32): i32 {
  memory.fill(seen, 0, 128);
  let distinct = 0;
  const recorded = slot(record + SOURCE_ARRIVALS) == ARRIVALS_RECORDING;
  const stride = recorded ? RECORDED_SLOTS : 1;
  const first = <i32>slot(record + (recorded ? SOURCE_TABLE_SLOT : SOURCE_PROCESSORS_SLOT));
  const length = <i32>slot(record + (recorded ? SOURCE_TABLE_COUNT : SOURCE_PROCESSORS_COUNT));
  for (let i = 0; i < length; i++) {
    const word = slot(first + i * stride);
    const processor = recorded ? recordedProcessor(word) : <u32>word;
    const byte = seen + (processor >>> 3);
    const place = processor & 7;
    const bit: u32 = 1 << place;
    const held: u32 = load<u8>(byte);
    if ((held & bit) != 0) continue;
    store<u8>(byte, held | bit);
    distinct++;
  }
  return distinct;
}

function hasThreadedSource(count: i32): bool {
  for (let i = 0; i < count; i++) {
    if (slot(<i32>slot(CONFIG_SOURCE_SLOT) + i * SOURCE_SLOTS + SOURCE_THREADED) != 0) return true;
  }
  return false;
}

function setUpPrcb(prcb: Prcb, index: i32, hasThreads: bool): void {
  prcb.index = index;
  prcb.maximumDepth = maximumDpcQueueDepth;
  prcb.countdown = adjustDpcThreshold;
  prcb.start(tickNs + <i64>index * tickSkewNs);
  prcb.attachFrames(carve(Prcb.frameBytes()));
  if (hasThreads) prcb.dpcThread = changetype<DpcThread>(carve(offsetof<DpcThread>()));
  prcb.waitedBefore = changetype<NsSum>(carve(offsetof<NsSum>()));
  if (index < <i32>slot(CONFIG_BACKGROUND_COUNT)) {
    const background = <i32>slot(CONFIG_BACKGROUND_SLOT) + index * BACKGROUND_SLOTS;
    const busy = distributionSlot(<i32>slot(background + BACKGROUND_BUSY));
    if (isConstant(busy) && constantNs(busy) == 0) return; // busy 0: no thread (R17)
    prcb.background = background;
    prcb.threadStream = streamAt(background + BACKGROUND_STREAM);
  }
}

/** The config block holds each stream's state, and the stream advances in place. */
function streamAt(first: i32): Stream {
  return changetype<Stream>(config + ((<usize>first) << 3));
}

function setUpSource(source: Source, index: i32): void {
  const record = <i32>slot(CONFIG_SOURCE_SLOT) + index * SOURCE_SLOTS;
  source.index = index;
  source.record = record;
  source.services = streamAt(record + SOURCE_STREAMS + 6);
  source.service = distributionSlot(<i32>slot(record + SOURCE_SERVICE));
  source.dueNs = slot(record + SOURCE_START_NS);
  source.periodNs = slot(record + SOURCE_PERIOD_NS);
  source.exhausted = slot(record + SOURCE_IS_TIMER) != 0;
  if (source.exhausted) return;
  source.level = <u32>slot(record + SOURCE_IRQL);
  source.moderated = slot(record + SOURCE_MODERATED) != 0;
  source.hasDpc = slot(record + SOURCE_HAS_DPC) != 0;
  source.gaps = streamAt(record + SOURCE_STREAMS);
  source.phases = streamAt(record + SOURCE_STREAMS + 2);
  source.isrTimes = streamAt(record + SOURCE_STREAMS + 4);
  source.perItems = streamAt(record + SOURCE_STREAMS + 8);
  source.isr = distributionSlot(<i32>slot(record + SOURCE_ISR));
  source.perItem = distributionSlot(<i32>slot(record + SOURCE_PER_ITEM));
  source.gap = distributionSlot(<i32>slot(record + SOURCE_GAP));
  // A recording brings ISR and service times of its own.
  source.constantWork =
    slot(record + SOURCE_ARRIVALS) != ARRIVALS_RECORDING &&
    isConstant(source.isr) &&
    isConstant(source.service) &&
    isConstant(source.perItem);
  source.constantIsrNs = <u32>constantNs(source.isr);
  source.constantServiceNs = <u32>constantNs(source.service);
  source.constantPerItemNs = <u32>constantNs(source.perItem);
  startArrivals(source);
}

function carveLatencies(): bool {
  const scopes = sourceCount + processorCount;
  if (!carveHistograms((scopes + 1) * LATENCY_COUNT)) return false;
  for (let i = 0; i < scopes; i++) {
    const scope: Scope = i < sourceCount ? sourceAt(i) : prcbAt(i - sourceCount);
    const first = i * LATENCY_COUNT;
    scope.isrWait = histogramAt(first + LATENCY_ISR_WAIT);
    scope.dpcWait = histogramAt(first + LATENCY_DPC_WAIT);
    scope.interruptToDpc = histogramAt(first + LATENCY_INTERRUPT_TO_DPC);
  }
  const last = scopes * LATENCY_COUNT;
  carveMachineLatencies(
    histogramAt(last + LATENCY_ISR_WAIT),
    histogramAt(last + LATENCY_DPC_WAIT),
    histogramAt(last + LATENCY_INTERRUPT_TO_DPC),
  );
  return !memoryFailed();
}

/** Gives every processor its timers, in the order of the scenario (R8). */
function attachTimers(): void {
  for (let i = 0; i < sourceCount; i++) {
    if (isTimer(sourceAt(i))) timerPrcb(sourceAt(i)).timerCount++;
  }
  for (let i = 0; i < processorCount; i++) {
    const prcb = prcbAt(i);
    if (prcb.timerCount > 0) prcb.timers = carve((<usize>prcb.timerCount) << 2);
    prcb.timerCount = 0;
  }
  for (let i = 0; i < sourceCount; i++) {
    const source = sourceAt(i);
    if (!isTimer(source)) continue;
    const prcb = timerPrcb(source);
    store<usize>(prcb.timers + ((<usize>prcb.timerCount) << 2), changetype<usize>(source));
    prcb.timerCount++;
  }
}

function isTimer(source: Source): bool {
  return slot(source.record + SOURCE_IS_TIMER) != 0;
}

function timerPrcb(source: Source): Prcb {
  return prcbAt(<i32>slot(<i32>slot(source.record + SOURCE_PROCESSORS_SLOT)));
}
