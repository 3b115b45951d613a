import type { IpiHandler } from './stream-table.js';

/**
 * No processor keeps an IPI waiting for longer. One that was not answered by then had its work done
 * without an interrupt that was recorded, and a handler that runs later answers another one.
 */
const MAX_IPI_FLIGHT_NS = 10_000_000;

/**
 * A request older than this has reached its target, unless that stands still. Flights take 10 to
 * 100 µs in virtual machines and less elsewhere.
 */
const IPI_ARRIVED_NS = 100_000;

export interface IpiRequest {
  atNs: number;
  sender: number;
}

const HANDLERS = ['reschedule', 'call'] as const;

/** Requests from processor to processor that no handler has answered yet. */
export class IpiRequests {
  readonly counts = { arrivals: 0, sent: 0, received: 0, paired: 0, merged: 0, unanswered: 0 };
  /** The oldest unanswered request by its target, by whichever processor. */
  private readonly open: Record<IpiHandler, Map<number, IpiRequest>> = {
    reschedule: new Map(),
    call: new Map(),
  };

  request(handler: IpiHandler, target: number, atNs: number, sender: number): void {
    this.counts.sent += 1;
    const before = this.open[handler].get(target);
    if (before !== undefined && atNs - before.atNs <= MAX_IPI_FLIGHT_NS) {
      this.counts.merged += 1;
      return;
    }
    if (before !== undefined) this.counts.unanswered += 1;
    this.open[handler].set(target, { atNs, sender });
  }

  /** The request that a handler entered now on `target` answers, or null if none was seen. */
  answer(handler: IpiHandler, target: number, atNs: number): IpiRequest | null {
    this.counts.received += 1;
    // Requests to reschedule come before calls, on x86 as on ARM.
    if (handler === 'call') this.giveUp('reschedule', target, atNs - IPI_ARRIVED_NS);
    const request = this.open[handler].get(target);
    if (request === undefined || request.atNs > atNs) return null;
    this.open[handler].delete(target);
    if (atNs - request.atNs > MAX_IPI_FLIGHT_NS) {
      this.counts.unanswered += 1;
      return null;
    }
    this.counts.paired += 1;
    return request;
  }

  /**
   * The target takes an interrupt of a device or the clock, or switches threads. IPIs come before
   * all that: one that had arrived was answered without a handler, as an idle loop does that looks
   * for work by itself.
   */
  overtake(target: number, atNs: number): void {
    for (const handler of HANDLERS) this.giveUp(handler, target, atNs - IPI_ARRIVED_NS);
  }

  /** Nothing that was asked of the target can be paired any more. */
  abandon(target: number): void {
    for (const handler of HANDLERS) this.giveUp(handler, target, Infinity);
  }

  private giveUp(handler: IpiHandler, target: number, beforeNs: number): void {
    const request = this.open[handler].get(target);
    if (request === undefined || request.atNs >= beforeNs) return;
    this.open[handler].delete(target);
    this.counts.unanswered += 1;
  }
}
