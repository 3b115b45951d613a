import { InputError } from '../errors.js';
import { LIMITS } from '../scenario/limits.js';
import { quote } from '../units.js';
import type { DpcIsrReport, DurationBucket, ModuleTimes } from './dpcisr-report.js';
import type { Durations, LoadModule, LoadSource } from './load-module.js';
import { withMergedIsrs } from './merged-isrs.js';

/** The load that a report tells of. */
export interface Load {
  modules: LoadModule[];
  /** Modules with few routines, which became one. */
  merged: string[];
  /** What was left out or taken from elsewhere, in sentences. */
  doubts: string[];
}

const OTHERS = 'other modules';
/** Modules with fewer ISRs and DPCs together are merged. */
const FEW_ROUTINES = 100;
/** Sources with fewer are rare. */
export const RARE_ROUTINES = 300;
/**
 * Sources with fewer come once a period: the number of those of a Poisson process would differ by
 * more than 2 % from run to run.
 */
export const PERIODIC_ROUTINES = 3_000;
/** In arrivals a second: none, or less than one in the longest time that a scenario may have. */
const LEAST_RATE = 1e-6;
/** Left below the most that a scenario may have, since a reader adds sources of his own. */
const MOST_SOURCES = 2_000;
/** What of a module's routines may be left out, instead of a source of its own for them. */
const LEFT_OUT_SHARE = 0.001;

interface Pair {
  name: string;
  isr: ModuleTimes;
  dpc: ModuleTimes;
}

/**
 * A load model of a report: for each module and processor a source. A module's routines are taken
 * to be spread over processors as its time is, and to take as long on each.
 *
 * Throws InputError if a routine takes longer than a scenario allows.
 */
export function loadOf(report: DpcIsrReport, file: string): Load {
  const doubts: string[] = [];
  const isByProcessor = report.from === 'latencymon';
  const pairs = isByProcessor ? processorPairs(report) : pairsOf(report, doubts);
  for (let few = FEW_ROUTINES; ; few *= 4) {
    const { kept, merged } = isByProcessor
      ? { kept: pairs, merged: [] }
      : mergeFew(pairs, few, file);
    const modules = kept.map((pair) => loadModule(pair, report, file));
    const sources = modules.reduce((sum, module) => sum + module.sources.length, 0);
    if (sources > MOST_SOURCES && kept.length > 1 && !isByProcessor) continue;
    const timeless = modules.filter((module) => module.sources.length === 0);
    for (const { name, isrCount, dpcCount } of timeless) {
      doubts.push(
        `${isrCount + dpcCount} routines of ${name} are left out: no processor has ` +
          'time of theirs',
      );
    }
    const timed = modules.filter((module) => module.sources.length > 0);
    return { modules: withMergedIsrs(timed, report.processors), merged, doubts };
  }
}

/** ISRs and DPCs of each module; a time without a histogram takes the one of all modules. */
function pairsOf({ dpc, isr, processors }: DpcIsrReport, doubts: string[]): Pair[] {
  const keys = new Set([...dpc, ...isr].map(({ name }) => name.toLowerCase()));
  return [...keys].map((key) => {
    const [ofDpc, ofIsr] = [dpc, isr].map((modules, i) => {
      const found = modules.find(({ name }) => name.toLowerCase() === key);
      if (found === undefined) {
        return { name: key, usec: new Array<number>(processors).fill(0), buckets: [], line: 0 };
      }
      if (countOf(found) > 0 || sumOf(found.usec) === 0) return found;
      doubts.push(
        `line ${found.line}: ${found.name} has time in ${['DPCs', 'ISRs'][i]} and no ` +
          'histogram; it gets the one of all modules',
      );
      return { ...found, buckets: typicalBuckets(modules, sumOf(found.usec)) };
    });
    return { name: ofDpc.line > 0 ? ofDpc.name : ofIsr.name, isr: ofIsr, dpc: ofDpc };
  });
}

/** The ISRs and the DPCs of each processor, whatever modules they are of. */
function processorPairs({ dpc, isr, processors }: DpcIsrReport): Pair[] {
  const none = (name: string): ModuleTimes => ({
    name,
    usec: new Array<number>(processors).fill(0),
    buckets: [],
    line: 0,
  });
  return Array.from({ length: processors }, (_, processor) => {
    const on = (modules: readonly ModuleTimes[]): ModuleTimes | undefined =>
      modules.find(({ usec }) => usec[processor] > 0);
    const name = (on(dpc) ?? on(isr))?.name ?? '';
    return { name, dpc: on(dpc) ?? none(name), isr: on(isr) ?? none(name) };
  }).filter(({ name }) => name !== '');
}

/** The histogram of all modules, with as many routines in it as make up the time. */
function typicalBuckets(modules: readonly ModuleTimes[], usec: number): DurationBucket[] {
  const known = modules.filter((module) => countOf(module) > 0);
  const all = mergeBuckets(known.flatMap(({ buckets }) => buckets));
  const meanUs = known.reduce((sum, module) => sum + sumOf(module.usec), 0) / countIn(all);
  const count = Math.max(1, meanUs > 0 ? usec / meanUs : 1);
  return all.map((bucket) => ({ ...bucket, count: (bucket.count / countIn(all)) * count }));
}

function mergeFew(
  pairs: readonly Pair[],
  few: number,
  file: string,
): { kept: Pair[]; merged: string[] } {
  const isRare = ({ isr, dpc }: Pair): boolean =>
    countOf(isr) + countOf(dpc) < few || sumOf(isr.usec) + sumOf(dpc.usec) === 0;
  const rare = pairs.filter(isRare);
  const kept = pairs.filter((pair) => !isRare(pair));
  if (rare.length < 2) return { kept: [...pairs], merged: [] };
  const merge = (modules: readonly ModuleTimes[]): ModuleTimes => {
    const buckets = mergeBuckets(modules.flatMap((module) => module.buckets));
    const overlap = buckets.findIndex(({ fromUs }, i) => i > 0 && fromUs < buckets[i - 1].toUs);
    if (overlap > 0) {
      throw refusal(file, modules[0].line, 'histograms have different edges from here on');
    }
    const usec = modules[0].usec.map((_, i) =>
      modules.reduce((sum, module) => sum + module.usec[i], 0),
    );
    return { name: OTHERS, usec, buckets, line: modules[0].line };
  };
  const others = {
    name: OTHERS,
    isr: merge(rare.map(({ isr }) => isr)),
    dpc: merge(rare.map(({ dpc }) => dpc)),
  };
  return { kept: [...kept, others], merged: rare.map(({ name }) => name) };
}

function mergeBuckets(buckets: readonly DurationBucket[]): DurationBucket[] {
  const byEdges = new Map<string, DurationBucket>();
  for (const { fromUs, toUs, count } of buckets) {
    const key = `${fromUs} ${toUs}`;
    byEdges.set(key, { fromUs, toUs, count: count + (byEdges.get(key)?.count ?? 0) });
  }
  return [...byEdges.values()].sort((a, b) => a.fromUs - b.fromUs || a.toUs - b.toUs);
}

function loadModule({ name, isr, dpc }: Pair, report: DpcIsrReport, file: string): LoadModule {
  const durations = { isr: durationsOf(isr, file, null), dpc: durationsOf(dpc, file, null) };
  const sources: LoadSource[] = [];
  for (let processor = 0; processor < report.processors; processor++) {
    const counts = [isr, dpc].map((times) => countOn(times, processor));
    const paired = Math.min(...counts);
    const here = {
      isr: durationsOn(isr, durations.isr, processor, file),
      dpc: durationsOn(dpc, durations.dpc, processor, file),
    };
    const add = (suffix: string, count: number, parts: Partial<typeof durations>): void => {
      const ratePerSecond = (count * 1e6) / report.spanUs;
      if (ratePerSecond < LEAST_RATE) return;
      sources.push({
        name: `${name} cpu${processor}${suffix}`,
        processor,
        ratePerSecond,
        isRare: count < RARE_ROUTINES,
        isPeriodic: count < PERIODIC_ROUTINES,
        isr: null,
        dpc: null,
        ...parts,
      });
    };
    add('', paired, here);
    const [isrLeft, dpcLeft] = counts.map((count) =>
      count - paired > LEFT_OUT_SHARE * count ? count - paired : 0,
    );
    add(' isr', isrLeft, { isr: here.isr });
    add(' dpc', dpcLeft, { dpc: here.dpc });
  }
  return { name, isrCount: countOf(isr), dpcCount: countOf(dpc), ...durations, sources };
}

/** How many of a module's routines ran on a processor, as far as its time tells: none or some. */
function countOn(times: ModuleTimes, processor: number): number {
  const usec = times.usec[processor];
  if (usec === 0 || countOf(times) === 0) return 0;
  return Math.max(1, (countOf(times) * usec) / sumOf(times.usec));
}

/**
 * The module's durations, without those that are longer than all of its time on the processor; the
 * mean stays the module's.
 */
function durationsOn(
  times: ModuleTimes,
  ofModule: Durations | null,
  processor: number,
  file: string,
): Durations | null {
  // Without any time here none ran here, and nothing is made of this.
  const usec = times.usec[processor];
  if (ofModule !== null && usec * 1000 < ofModule.meanNs) {
    return { ...ofModule, meanNs: usec * 1000 };
  }
  const longest = times.buckets.findLast(({ count }) => count > 0);
  // Microseconds are cut to whole ones.
  if (longest === undefined || longest.fromUs < usec + 1) return ofModule;
  return durationsOf(times, file, usec + 1);
}

/**
 * The histogram of what is shorter than `belowUs`, null for all, with its edges multiplied so that
 * the routines take the reported time together: middles of buckets are 3 to 13 % too long, since
 * durations are not even within a bucket.
 */
function durationsOf(times: ModuleTimes, file: string, belowUs: number | null): Durations | null {
  const usec = sumOf(times.usec);
  if (countOf(times) === 0 || usec === 0) return null;
  const known = times.buckets.filter(({ count }) => count > 0);
  const possible = known.filter(({ fromUs }) => belowUs === null || fromUs < belowUs);
  // The report contradicts itself where even the shortest is too long: it is taken then.
  const used = possible.length === 0 ? known.slice(0, 1) : possible;
  const middles = used.reduce((sum, { fromUs, toUs, count }) => sum + count * (fromUs + toUs), 0);
  const factor = (2 * usec * countIn(used)) / (countOf(times) * middles);
  const edgesNs: number[] = [];
  const weights: number[] = [];
  const addEdge = (us: number): void => {
    // No two edges may become one by rounding.
    edgesNs.push(Math.max(Math.round(us * 1000 * factor), (edgesNs.at(-1) ?? -1) + 1));
  };
  addEdge(used[0].fromUs);
  used.forEach(({ fromUs, toUs, count }, i) => {
    if (i > 0 && fromUs > used[i - 1].toUs) {
      addEdge(fromUs);
      weights.push(0);
    }
    addEdge(toUs);
    weights.push(count);
  });
  if (edgesNs.at(-1)! > LIMITS.workNs) {
    throw refusal(
      file,
      times.line,
      `routines of ${quote(times.name)} take up to ` +
        `${edgesNs.at(-1)! / 1e9} s, and ${LIMITS.workNs / 1e9} s are allowed`,
    );
  }
  return { meanNs: (1000 * usec) / countOf(times), edgesNs, weights, factor };
}

const countIn = (buckets: readonly DurationBucket[]): number =>
  buckets.reduce((sum, { count }) => sum + count, 0);
const countOf = ({ buckets }: ModuleTimes): number => countIn(buckets);
const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function refusal(file: string, line: number | null, message: string): InputError {
  return new InputError([{ file, line, column: null, path: '', message, hint: '' }]);
}
