import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/scenario/parse.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { explainEvent } from '../../src/timeline/explain-event.js';
import type { LogEvent } from '../../src/timeline/log-event.js';
import { MachineState } from '../../src/timeline/machine-state.js';
import { irqlOf, topOf } from '../../src/timeline/processor-state.js';
import { type Arrow, type Span, SpanRecorder, type SpanSink } from '../../src/timeline/spans.js';
import { type Wait, WaitTeller } from '../../src/timeline/wait-causes.js';
import { detailedLog } from '../simulate.js';
import { expectGoldenPart, hashOf } from './golden-file.js';

const FILE = 'pages/machine-states.txt';
const SHOWN_EVERY = 40;

/** Sleepy processors, an adaptive depth that matters, and a drain that is cut short. */
const SLEEPY = `
machine:
  processors: 2
  tick: 500us
  dynamicTick: true
  poll: 3us
  tunables: { maximumDpcQueueDepth: 2, adjustDpcThreshold: 2, minimumDpcRate: 2, idealDpcRate: 3 }
  background: { busy: 150us, idle: { exponential: 200us }, passive: 9us, dispatch: 2us }
sources:
  - name: a
    irql: 6
    isr: 1us
    arrivals: { poisson: 30000/s }
    dpc: { importance: low, target: 1, service: { exponential: 9us } }
  - name: b
    irql: 7
    processor: 1
    isr: 1us
    arrivals: { poisson: 20000/s }
    dpc: { importance: high, objects: per-processor, service: 12us }
  - name: c
    irql: 5
    processor: 1
    isr: 1us
    arrivals: { poisson: 8000/s }
    dpc: { importance: mediumHigh, target: 0, threaded: true, service: 15us }
policies:
  - vista
  - { name: deep, extends: vista, depth: exceeds, drainLimit: 2, insert: { low: head } }
  - { name: ever, extends: pre-vista, suppress: false, adaptive: true }
until: { time: 3ms }
`;

function mixed(ipi: 'dispatch' | 'ipi-level'): Scenario {
  const text = readFileSync(join(import.meta.dirname, 'transcripts/mixed.yaml'), 'utf8');
  const scenario = parseScenario(text, 'mixed.yaml');
  return { ...scenario, machine: { ...scenario.machine, ipi } };
}

const sleepy = parseScenario(SLEEPY, 'sleepy.yaml');
const CASES: Record<string, [Scenario, policyIndex: number]> = {
  'mixed, first rules': [mixed('dispatch'), 0],
  'mixed, second rules, IPIs at their own level': [mixed('ipi-level'), 1],
  'mixed, third rules': [mixed('dispatch'), 2],
  'sleepy, first rules': [sleepy, 0],
  'sleepy, second rules': [sleepy, 1],
  'sleepy, third rules': [sleepy, 2],
};

function logOf(scenario: Scenario, policyIndex: number): LogEvent[] {
  const limits = { untilTimeNs: 2_100_000, untilInterrupts: null, warmupNs: 0 };
  return [...detailedLog({ scenario, policyIndex, shardIndex: 0, seed: 9, ...limits })];
}

function sink(): SpanSink & { spans: Span[]; opened: string[]; arrows: Arrow[] } {
  const spans: Span[] = [];
  const opened: string[] = [];
  const arrows: Arrow[] = [];
  return {
    spans,
    opened,
    arrows,
    onOpen: (span: Span) => void opened.push(JSON.stringify(span)),
    onSpan: (span: Span) => void spans.push(span),
    onArrow: (arrow: Arrow) => void arrows.push(arrow),
  };
}

describe('what a log tells of a machine, as before, is', () => {
  it.each(Object.keys(CASES))('its states, steps and spans: %s', (name) => {
    const [scenario, policyIndex] = CASES[name];
    const state = new MachineState(scenario, policyIndex);
    const digest = createHash('sha256');
    const lines: string[] = [];
    const log = logOf(scenario, policyIndex);
    log.forEach((event, i) => {
      state.apply(event);
      const step = explainEvent(event, state, scenario, policyIndex);
      const irqls = state.processors.map((cpu) => irqlOf(cpu, event.t));
      const told = JSON.stringify([state.snapshot(), step, irqls]);
      digest.update(told);
      if (i % SHOWN_EVERY > 0) return;
      const tops = state.processors.map((cpu) => `${topOf(cpu).kind} ${cpu.queue.length}`);
      lines.push(`${event.t} ${event.e}: ${tops.join(', ')} | ${step?.text ?? ''}`);
    });
    lines.push(`${log.length} events: ${digest.digest('hex').slice(0, 12)}`);
    for (const from of [0, 200, log.length >> 1]) {
      const before = new MachineState(scenario, policyIndex);
      for (const event of log.slice(0, from)) before.apply(event);
      const snapshot = before.snapshot();
      const again = new MachineState(scenario, policyIndex);
      for (const event of log.slice(0, 77)) again.apply(event);
      again.restore(snapshot);
      expect(again.snapshot()).toEqual(snapshot);
      const seen = sink();
      const recorder = new SpanRecorder(again, seen);
      for (const event of log.slice(from)) recorder.add(event);
      recorder.finish(log.at(-1)!.t + 5);
      const { arrows, opened, spans } = seen;
      const hash = hashOf(JSON.stringify([arrows, opened, spans]));
      lines.push(`from ${from}: ${spans.length} spans, ${arrows.length} arrows: ${hash}`);
    }
    expectGoldenPart(FILE, name, `${lines.join('\n')}\n`);
  });

  it.each(Object.keys(CASES))('why DPCs waited: %s', (name) => {
    const [scenario, policyIndex] = CASES[name];
    const log = logOf(scenario, policyIndex);
    const waits = log.flatMap((event): Wait[] => {
      if (event.e !== 'dpc-start') return [];
      const { object, p: processor, t: takenNs, wait } = event;
      return [{ object, processor, takenNs, queuedNs: takenNs - wait }];
    });
    const state = new MachineState(scenario, policyIndex);
    const tellers = waits.map((wait) => new WaitTeller(scenario, policyIndex, wait));
    for (const event of log) {
      for (const teller of tellers) teller.before(event, state);
      state.apply(event);
      for (const teller of tellers) teller.after(event, state);
    }
    const stories = tellers.map((teller) => teller.story());
    const lines = stories.map(({ causes, parts, wait }, i) => {
      const sum = parts.reduce((ns, part) => ns + part.ns, 0);
      expect(sum).toBe(wait.takenNs - wait.queuedNs);
      const hash = hashOf(JSON.stringify([causes, parts])).slice(0, 6);
      const last = i % 20 === 0 ? causes.map(({ text }) => `\n  ${text}`).join('') : '';
      return `${wait.queuedNs} ${sum}: ${causes.length} ${parts.length} ${hash}${last}`;
    });
    expectGoldenPart('pages/wait-stories.txt', name, `${lines.join('\n')}\n`);
  });
});
