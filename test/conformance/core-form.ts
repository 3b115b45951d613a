import { derivePolicy } from '../../src/policy/derive-policy.js';
import { parseCondition } from '../../src/policy/parse-condition.js';
import { findPreset } from '../../src/policy/presets.js';
import type { Distribution, Policy, Scenario, Source } from '../../src/scenario/scenario.js';

/* eslint-disable @typescript-eslint/no-explicit-any */
type Written = any;

const constant = (ns: number | undefined): Distribution => ({ kind: 'constant', ns: ns ?? 0 });

/** Resolves the core form as the vectors use it: numbers only, known keys only. */
export function resolveCoreForm(written: Written): Scenario {
  const w = written.machine;
  const c = w.costs ?? {};
  const t = w.tunables ?? {};
  let background = w.background ?? [];
  if (background.length === 1) background = Array(w.processors).fill(background[0]);
  return {
    name: written.name,
    question: '',
    machine: {
      processors: w.processors, tickNs: w.tick ?? 15_625_000, tickSkewNs: w.tickSkew ?? 0,
      dynamicTick: w.dynamicTick ?? false, pollNs: w.poll ?? 0, ipi: w.ipi ?? 'dispatch',
      costs: {
        interruptNs: c.interrupt ?? 500, clockNs: c.clock ?? 1000, dispatchNs: c.dispatch ?? 500,
        dequeueNs: c.dequeue ?? 100, ipiSendNs: c.ipiSend ?? 200, ipiFlightNs: c.ipiFlight ?? 800,
        ipiHandlerNs: c.ipiHandler ?? 500, haltExitNs: c.haltExit ?? 2000,
      },
      tunables: {
        maximumDpcQueueDepth: t.maximumDpcQueueDepth ?? 4, minimumDpcRate: t.minimumDpcRate ?? 3,
        idealDpcRate: t.idealDpcRate ?? 20, adjustDpcThreshold: t.adjustDpcThreshold ?? 20,
      },
      background: background.map((b: Written) => ({
        busy: constant(b.busy), idle: constant(b.idle), passive: constant(b.passive),
        dispatch: constant(b.dispatch),
      })),
    },
    sources: written.sources.map(source),
    policies: written.policies.map(policy),
    until: {
      timeNs: written.until.time ?? null,
      interrupts: written.until.interrupts ?? null,
    },
  };
}

function source(w: Written): Source {
  if (w.timer !== undefined) {
    return {
      kind: 'timer', name: w.name, processor: w.processor, dueNs: w.timer.due,
      periodNs: w.timer.period, service: constant(w.service),
    };
  }
  return {
    kind: 'device', name: w.name, irql: w.irql,
    processors: Array.isArray(w.processor) ? w.processor : [w.processor],
    isr: constant(w.isr), fifo: w.fifo ?? 1024,
    arrivals: { kind: 'at', atNs: w.arrivals.at },
    dpc: w.dpc === undefined ? null : {
      importance: w.dpc.importance, target: w.dpc.target, objects: w.dpc.objects ?? 'one',
      service: constant(w.dpc.service), perItem: constant(w.dpc.perItem),
      budget: w.dpc.budget ?? 0,
    },
  };
}

function policy(w: Written): Policy {
  if (typeof w === 'string') return findPreset(w) as Policy;
  const each = (from: Written = {}, convert = (x: Written) => x): Written =>
    Object.fromEntries(['low', 'medium', 'mediumHigh', 'high'].map((name) =>
      [name, from[name] === undefined ? null : convert(from[name])]));
  return derivePolicy({
    name: w.name, extends: w.extends ?? 'vista', current: each(w.current, parseCondition),
    other: each(w.other, parseCondition), insert: each(w.insert), depth: w.depth ?? null,
    suppress: w.suppress ?? null, tickRescue: w.tickRescue ?? null, adaptive: w.adaptive ?? null,
    drainLimit: w.drainLimit ?? null,
  });
}
