import { isZero } from '../../src/scenario/distribution-mean.js';
import type { Background as BackgroundRule } from '../../src/scenario/scenario.js';
import type { Draw, TwinDraws } from './draws.js';
import type { Machine } from './machine.js';
import { THREAD } from './processor.js';
import type { Background, Processor } from './processor.js';

/** Null for a processor without threads. */
export function openBackground(
  rule: BackgroundRule | undefined,
  processor: number,
  draws: TwinDraws,
): Background | null {
  if (rule === undefined || isZero(rule.busy)) return null;
  const open = (name: keyof BackgroundRule): Draw =>
    draws.open('background', processor, rule[name]);
  return {
    draw: {
      busy: open('busy'),
      idle: open('idle'),
      passive: open('passive'),
      dispatch: open('dispatch'),
    },
    passiveNs: 0,
    dispatchNs: 0,
    isReady: false,
    busyLeftNs: 0,
    sectionNs: 0,
    atDispatch: false,
  };
}

/** The next thread is ready when its `idle` has passed. */
export function awaitThread(m: Machine, cpu: Processor, background: Background): void {
  m.due.set(m.readyAt + cpu.index, m.nowNs + background.draw.idle());
}

/** The ready thread becomes the bottom; only now its times are drawn. */
export function startThread(m: Machine, cpu: Processor, background: Background): void {
  const { draw } = background;
  background.isReady = false;
  background.busyLeftNs = draw.busy();
  background.passiveNs = draw.passive();
  background.dispatchNs = draw.dispatch();
  m.setBottom(cpu, THREAD);
  m.log?.({ t: m.nowNs, p: cpu.index, e: 'thread' });
  startSection(m, cpu, background, false);
}

/** Without DISPATCH sections the whole thread is one section at PASSIVE. */
export function startSection(
  m: Machine,
  cpu: Processor,
  background: Background,
  atDispatch: boolean,
): void {
  const { busyLeftNs, passiveNs, dispatchNs } = background;
  const wholeNs = atDispatch ? dispatchNs : passiveNs;
  background.atDispatch = atDispatch;
  background.sectionNs = dispatchNs === 0 ? busyLeftNs : Math.min(wholeNs, busyLeftNs);
  m.runSection(cpu, atDispatch, background.sectionNs);
}
