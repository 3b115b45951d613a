import { PolicySum, TIMES, type PolicySumState } from '../src/kernel/policy-sum.js';
import { LATENCY_NAMES } from '../src/result/figures.js';
import { HistogramPacker } from '../src/result/histogram-packer.js';
import { summarize } from '../src/result/histogram.js';
import { COUNTER_NAMES, type ScopeOutcome, type ShardOutcome } from '../src/result/outcome.js';
import type { IntervalScope, ScopeLine, ShardLine } from '../src/result/shard-line.js';
import { focusedNames } from '../src/scenario/focus.js';
import type { Scenario } from '../src/scenario/scenario.js';

/** What is left of a shard of the scenario, out of its outcome. */
export function lineOf(
  { focus, sources: named }: Scenario,
  shardIndex: number,
  { endNs, halves, machine, processors, sources, startNs, stop, unserved }: ShardOutcome,
  intervals: IntervalScope = 'machine',
): ShardLine {
  const isAll = intervals === 'all';
  const focused = focusedNames(focus);
  return {
    ...scopeLine(machine),
    shardIndex,
    endNs,
    startNs,
    unserved,
    stop,
    halves: halves ?? null,
    sources: isAll ? sources.map(scopeLine) : [],
    focused: Object.fromEntries(
      named.flatMap(({ name }, i) =>
        focused.includes(name) ? [[name, scopeLine(sources[i])] as const] : [],
      ),
    ),
    processors: isAll
      ? processors.map((processor) => {
          const { queueDepth, timeSplit } = processor;
          return { ...scopeLine(processor), timeSplit, queueDepth };
        })
      : [],
  };
}

function scopeLine({ counters, dpcWait, interruptToDpc, isrWait }: ScopeOutcome): ScopeLine {
  return {
    counters,
    latency: {
      isrWait: summarize(isrWait),
      dpcWait: summarize(dpcWait),
      interruptToDpc: summarize(interruptToDpc),
    },
  };
}

/** The sum of a single shard, made of its outcome instead of a kernel's memory. */
export function sumOf(
  scenario: Scenario,
  policyIndex: number,
  line: ShardLine,
  outcome: ShardOutcome,
): PolicySumState {
  const sum = PolicySum.create(scenario, policyIndex);
  const { state } = sum;
  sum.addLine(line);
  const scopes = [outcome.machine, ...outcome.sources, ...outcome.processors];
  const packer = new HistogramPacker(LATENCY_NAMES.length * scopes.length);
  scopes.forEach((scope, index) => {
    COUNTER_NAMES.forEach((name, i) => {
      state.counters[index * COUNTER_NAMES.length + i] = BigInt(scope.counters[name] ?? 0);
    });
    for (const name of LATENCY_NAMES) packer.addHistogram(scope[name]);
    state.executions[index] = scope.execution;
  });
  state.latencies.push(packer.finish());
  state.census = outcome.census;
  outcome.processors.forEach(({ queueDepth, timeSplit }, index) => {
    TIMES.forEach((name, i) => {
      state.times[index * TIMES.length + i] = BigInt(timeSplit[name] ?? 0);
    });
    state.depthAreaNs[index] = queueDepth.areaNs;
    state.depthMaximum[index] = queueDepth.maximum;
  });
  return state;
}
