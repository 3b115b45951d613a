import type { Device, InterruptLine } from './device.js';
import type { Machine } from './machine.js';

/** Interrupts that a device holds back (R24). */

/**
 * An arrival is pending on its line; answers whether it makes up the count, so that the interrupt
 * is raised.
 */
export function holdBack(m: Machine, line: InterruptLine): boolean {
  const { device } = line;
  const { moderation } = device.source;
  if (moderation === undefined) return true;
  if (line.pending === 0) {
    line.pendingIsrNs = device.isrNs;
    line.pendingServiceNs = device.serviceNs;
    line.raiseNs = m.nowNs + (moderation.timeNs ?? Infinity);
    m.raisesPending++;
  }
  line.pending++;
  const isRaised = line.pending === moderation.count;
  if (isRaised) release(m, line);
  awaitRaise(m, device);
  return isRaised;
}

function release(m: Machine, line: InterruptLine): void {
  line.pending = 0;
  line.raiseNs = Infinity;
  m.raisesPending--;
}

/** The line whose time is over first, on the lowest processor; null while nothing is pending. */
function firstLine(device: Device): InterruptLine | null {
  let first: InterruptLine | null = null;
  for (const line of device.openLines()) {
    if (line.raiseNs < (first?.raiseNs ?? Infinity)) first = line;
  }
  return first;
}

function awaitRaise(m: Machine, device: Device): void {
  m.due.set(m.arrivalAt + 2 * device.index + 1, firstLine(device)?.raiseNs ?? Infinity);
}

/** The line of the source whose time is over, which now raises its interrupt; null for none. */
export function takeRaise(m: Machine, device: Device): InterruptLine | null {
  const line = firstLine(device);
  if (line === null) return null;
  release(m, line);
  m.log?.({
    t: m.nowNs,
    p: line.processor,
    e: 'raise',
    source: device.source.name,
    outcome: line.waits ? 'merged' : 'raised',
  });
  awaitRaise(m, device);
  return line;
}
