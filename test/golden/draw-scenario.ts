import { resolveScenario } from '../../src/scenario/parse.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import type { Pick } from './pick.js';

/** A scenario of one to four sources, whose times and kinds lie at the edges of what is planned. */
export function drawScenario(pick: Pick): Scenario {
  const processors = pick.of(1, 2, 5, 62);
  const sources = Array.from({ length: pick.of(1, 1, 2, 3, 5) }, (_, i) =>
    pick.of(0, 0, 0, 1) === 1 ? timer(`t${i}`, pick) : device(`d${i}`, pick, processors),
  );
  const interrupts = pick.of(1, 1_999, 4_000, 50_000, 1e9, 3e10);
  const isTimed = sources.every((source) => 'timer' in source);
  const time = pick.of('1us', '10ms', '1s', '20s', '1000000s');
  return resolveScenario({
    name: 'drawn',
    machine: {
      processors,
      tick: pick.of('1ms', '15.625ms'),
      dynamicTick: pick.flip(),
      threadedDpcs: pick.flip(),
      tunables: { maximumDpcQueueDepth: pick.of(1, 2, 4), adjustDpcThreshold: pick.of(1, 20) },
      background: pick.of<object>([], background(pick), background(pick)),
    },
    sources,
    policies: pick.of(['vista'], ['pre-vista', 'vista'], ['nt52', 'msdn'], ['vista', own(pick)]),
    until: isTimed ? { time } : pick.of<object>({ interrupts }, { time }, { interrupts, time }),
  });
}

function own(pick: Pick): object {
  return {
    name: 'own',
    extends: 'vista',
    ...pick.of<object>(
      {},
      { insert: { high: 'tail' } },
      { insert: { low: 'head' } },
      { current: { medium: 'over' } },
      { other: { high: 'never', low: 'idle' } },
      { adaptive: false },
      { depth: 'exceeds' },
      { tickRescue: false },
    ),
  };
}

function background(pick: Pick): object {
  const times = { busy: duration(pick), idle: duration(pick), passive: duration(pick) };
  return { ...times, dispatch: pick.of<unknown>(0, '1us', duration(pick)) };
}

function timer(name: string, pick: Pick): object {
  const due = pick.of<object>({}, { due: '1s' });
  return { name, timer: { period: pick.of('1ms', '1s'), ...due }, service: duration(pick) };
}

function device(name: string, pick: Pick, processors: number): object {
  const some = [0, processors - 1].slice(0, processors);
  const dpc = {
    service: duration(pick),
    perItem: pick.of<unknown>(0, '100ns'),
    importance: pick.of('low', 'medium', 'mediumHigh', 'high'),
    target: pick.of<unknown>('current', 'current', 'round-robin', 0, processors - 1),
    threaded: pick.of(true, false, false),
  };
  return {
    name,
    irql: 5,
    isr: duration(pick),
    processor: pick.of<unknown>(0, [...new Set(some)]),
    arrivals: arrivals(pick),
    ...pick.of<object>({ dpc }, { dpc }, { dpc }, {}),
  };
}

function arrivals(pick: Pick): object {
  const start = pick.of<unknown>(0, '3ms');
  const rate = pick.of('50/s', '10k/s', '1M/s');
  return pick.of<object>(
    { poisson: { rate, start } },
    { poisson: rate },
    { periodic: { rate, start, jitter: pick.of<unknown>(0, { uniform: [0, '1s'] }, '1us') } },
    { periodic: { period: '10us', jitter: { uniform: [pick.of(0, 1), '10us'] } } },
    { bursts: { on: duration(pick), off: duration(pick), rate, start } },
    { renewal: { gap: duration(pick), start } },
    { at: pick.of<number[]>([], [0, 5, 90_000]) },
  );
}

function duration(pick: Pick): unknown {
  return pick.of<unknown>(
    '1us',
    '400us',
    { exponential: '20us' },
    { uniform: ['1us', '9us'] },
    { lognormal: { mean: '4us', p99: pick.of('20us', '4us') } },
    { pareto: { shape: pick.of(1, 1.5, 2, 3), min: '1us', max: '1ms' } },
    {
      mixture: [
        { weight: 3, of: '1us' },
        { weight: 1, of: { exponential: '1ms' } },
      ],
    },
    { histogram: { edges: [0, '10us', '20us'], weights: [1, 3] } },
  );
}
