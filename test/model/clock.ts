import type { Scenario } from '../../src/scenario/scenario.js';
import { raiseDispatch, settle } from './delivery.js';
import { makeDpc, TIMER_DPC } from './dpc.js';
import type { TwinDraws } from './draws.js';
import type { Machine } from './machine.js';
import { CLOCK_LEVEL } from './processor.js';
import type { Processor } from './processor.js';
import { insertDpc } from './queueing.js';
import { watch } from './watchdog.js';

/** The clock: ticks, the adaptive threshold and the timers (R8, R15, R16). */

const TIMER_FIFO_ITEMS = 1024;

/** Hands every timer to its processor, with one KiTimerExpiration for each that has any. */
export function openTimers(m: Machine, scenario: Scenario, draws: TwinDraws): void {
  scenario.sources.forEach((source, index) => {
    if (source.kind !== 'timer') return;
    const { dueNs, periodNs } = source;
    const cpu = m.processors[source.processor];
    const service = draws.open('service', index, source.service);
    cpu.timers.push({ source: index, dueNs, periodNs, service });
    cpu.timerDpc ??= makeDpc(
      `KiTimerExpiration@${cpu.index}`,
      TIMER_DPC,
      { importance: 'medium', target: 'current', budget: 0 },
      TIMER_FIFO_ITEMS,
    );
  });
}

/** A tick falls due; a deeply idle processor does not notice, unless a timer is due (R15). */
export function tick(m: Machine, cpu: Processor): void {
  const { dynamicTick, tickNs } = m.scenario.machine;
  m.due.set(m.tickAt + cpu.index, m.nowNs + tickNs);
  const isTimerDue = cpu.timers.some(({ dueNs }) => dueNs <= m.nowNs);
  if (dynamicTick && cpu.halted && cpu.isInIdleLoop() && !isTimerDue) return;
  if (cpu.clockWaits) return;
  cpu.clockWaits = true;
  cpu.waitingTickNs = m.nowNs;
  if (cpu.irql() < CLOCK_LEVEL) settle(m, cpu);
}

/** The clock activity is over. */
export function endClock(m: Machine, cpu: Processor): void {
  watch(m, cpu);
  const isRescue = adaptThreshold(m, cpu);
  const { counters } = cpu.tally;
  counters.ticks++;
  m.log?.({
    t: m.nowNs,
    p: cpu.index,
    e: 'tick',
    requestRate: cpu.requestRate,
    drainRate: cpu.drainRate,
    maximum: cpu.maximumDepth,
    rescue: isRescue,
  });
  if (isRescue) {
    counters.rescues++;
    cpu.requested = true;
    raiseDispatch(m, cpu);
  }
  if (cpu.timerDpc !== null && expireTimers(m, cpu, cpu.runningTickNs)) {
    insertDpc(m, cpu, cpu.timerDpc);
  }
  m.pop(cpu);
  settle(m, cpu);
}

/** R16. Answers whether the queue must be rescued. */
function adaptThreshold(m: Machine, cpu: Processor): boolean {
  const { adjustDpcThreshold, idealDpcRate, maximumDpcQueueDepth } = m.scenario.machine.tunables;
  const { adaptive, tickRescue } = m.rules;
  cpu.requestRate = Math.floor((cpu.requestRate + cpu.insertsSinceTick) / 2);
  cpu.drainRate = Math.floor((cpu.drainRate + cpu.dpcsSinceTick) / 2);
  cpu.insertsSinceTick = 0;
  cpu.dpcsSinceTick = 0;
  if (cpu.queue.depth > 0 && !cpu.draining && !cpu.requested) {
    cpu.countdown = adjustDpcThreshold;
    const mustFall = cpu.maximumDepth > 1 && cpu.requestRate < idealDpcRate;
    if (adaptive && mustFall) cpu.maximumDepth--;
    return tickRescue;
  }
  cpu.countdown--;
  if (cpu.countdown === 0) {
    cpu.countdown = adjustDpcThreshold;
    if (adaptive && cpu.maximumDepth < maximumDpcQueueDepth) cpu.maximumDepth++;
  }
  return false;
}

/** R8, for the tick that fell due at `tickNs`. Answers whether anything expired. */
function expireTimers(m: Machine, cpu: Processor, tickNs: number): boolean {
  let hasExpired = false;
  for (const timer of cpu.timers) {
    if (timer.dueNs > tickNs) continue;
    hasExpired = true;
    // Every expired timer's service is run in turn: as a time of its item, so that they add up.
    const isKept = cpu.timerDpc?.fifo.push(timer.dueNs, 0, timer.service(), timer.source);
    const own = m.sourceTallies[timer.source].counters;
    if (isKept) {
      m.itemsLeft++;
    } else {
      own.dropped++;
      cpu.tally.counters.dropped++;
    }
    const periods = Math.floor((tickNs - timer.dueNs) / timer.periodNs) + 1;
    timer.dueNs += periods * timer.periodNs;
    own.missed += periods - 1;
    cpu.tally.counters.missed += periods - 1;
  }
  return hasExpired;
}
