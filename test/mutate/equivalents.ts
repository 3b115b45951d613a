/** A mutant that no test can notice, by the line it changes: numbers of lines move. */
export interface Equivalent {
  file: string;
  /** The line without the space around it. */
  line: string;
  /** As it is printed. */
  what: string;
  why: string;
}

const NEGATIVE = 'any negative number says that there is none';
const BUSY = 'a count that is only compared with 0 may as well count down';

function aMillisecondMore(line: string): Equivalent {
  const [, written] = /= ([\d_]+);$/.exec(line)!;
  return {
    file: 'src/queue/queue-engine.ts',
    line,
    what: `${Number(written.replaceAll('_', '')) + 1} instead of ${written}`,
    why: 'a queue is waited for a millisecond longer',
  };
}

export const EQUIVALENTS: readonly Equivalent[] = [
  {
    file: 'assembly/engines/lockstep.ts',
    line: 'busyCount += busy ? 1 : -1;',
    what: '-= instead of +=',
    why: BUSY,
  },
  {
    file: 'assembly/engines/lockstep.ts',
    line: 'busyCount += busy ? 1 : -1;',
    what: 'the condition turned round',
    why: BUSY,
  },
  {
    file: 'assembly/engines/lockstep.ts',
    line: 'let sourcesToCome: i32 = 0;',
    what: '1 instead of 0',
    why: 'is set before every shard',
  },
  {
    file: 'assembly/engines/run-ahead.ts',
    line: 'for (let i = 0; i < processorCount; i++) prcbAt(i).foreignCount = 0;',
    what: 'without prcbAt(i).foreignCount = 0;',
    why: 'at most sets more bytes aside than are used; it is set again before it is read',
  },
  {
    file: 'assembly/ground/memory.ts',
    line: 'const end: u64 = (<u64>start + <u64>bytes + (LINE_BYTES - 1)) & ~(<u64>LINE_BYTES - 1);',
    what: '+ instead of -',
    why: 'sets more bytes aside than are used',
  },
  {
    file: 'assembly/ground/memory.ts',
    line: 'const pages = <i32>((end - present + (PAGE_BYTES - 1)) / PAGE_BYTES);',
    what: '+ instead of -',
    why: 'asks for a page more at most',
  },
  {
    file: 'assembly/results/event-log.ts',
    line: 'export function logDetail(nowNs: i64, prcb: Prcb, event: i32, value: i64 = 0): void {',
    what: '1 instead of 0',
    why: 'of an event that is written without a value none is read',
  },
  {
    file: 'assembly/ground/config.ts',
    line: 'hasWatchdog = routineLimitTicks > 0 || dispatchLimitTicks > 0;',
    what: '>= instead of >',
    why: 'spares a count that no limit of 0 is compared with: speed alone',
  },
  {
    file: 'assembly/ground/random.ts',
    line: 'return (high * 67108864.0 + low + 0.5) * 1.1102230246251565e-16; // 2^-53',
    what: '1.5 instead of 0.5',
    why: 'moves a number between 0 and 1 by 2^-53: hardly one time in whole nanoseconds tells',
  },
  {
    file: 'assembly/setup/setup-lines.ts',
    line: 'prcb.lines = carve((<usize>prcb.lineCount) << 2);',
    what: '3 instead of 2',
    why: 'sets more bytes aside than are used',
  },
  {
    file: 'assembly/shared/abi.ts',
    line: 'export const CONFIG_ADAPTIVE: i32 = CONFIG_TICK_RESCUE + 1;',
    what: '2 instead of 1',
    why: 'leaves a slot out of the config block, for kernel and host alike',
  },
  {
    file: 'assembly/shared/abi.ts',
    line: 'export const RAISE_HELD: i32 = 2;',
    what: '3 instead of 2',
    why: 'another number by which kernel and host call the same',
  },
  {
    file: 'src/export/comparison.ts',
    line: 'return { width: widest(rows, i + 1, least), rank: i === 2 ? 0 : 2 - i };',
    what: '3 instead of 2',
    why: 'ranks are compared with each other alone, and stand in the same order',
  },
  {
    file: 'src/export/windows-text.ts',
    line: 'return [...this.modules].sort(([a], [b]) => (a < b ? -1 : 1));',
    what: '<= instead of <',
    why: 'a map has every name once',
  },
  {
    file: 'src/report/change-words.ts',
    line: "return `${share < 1 && Number(size) > 0 ? '−' : ''}${size}`;",
    what: '<= instead of <',
    why: 'a share of 1 differs by 0 %, which has no sign either way',
  },
  {
    file: 'src/report/scale.ts',
    line: 'const few = Math.log10(end / start) < 2.2;',
    what: '<= instead of <',
    why: 'both ends are 1, 2 or 5 times a power of ten: none is 158 times the other',
  },
  {
    file: 'src/report/distribution.ts',
    line: 'if (summary.count < SAMPLES_BEYOND * x * (1 - 1e-12)) return null;',
    what: '<= instead of <',
    why: 'a count is a whole number, which the other side is not',
  },
  {
    file: 'src/report/distribution.ts',
    line: 'while (covered < rank && index < counts.length - 1) covered += counts[++index];',
    what: '<= instead of <',
    why: 'a rank is no whole number, as what is covered is; and all samples cover every rank',
  },
  {
    file: 'src/export/perfetto-packets.ts',
    line: 'if (this.writer.pos === 0 || (!isLast && this.writer.pos < PIECE_BYTES)) return;',
    what: '<= instead of <',
    why: 'where a file is cut into pieces on its way to the disk; its bytes are the same',
  },
  {
    file: 'src/kernel/pack.ts',
    line: '[abi.CONFIG_THREAD_SWITCH_NS, costs.threadSwitchNs ?? 0],',
    what: '1 instead of 0',
    why: 'is left out only where no DPC is threaded, and no such switch is made',
  },
  {
    file: 'src/stats/order-statistic.ts',
    line: 'const LEAST_SAMPLED = 600;',
    what: '601 instead of 600',
    why: 'how a value is searched, not which one is found: speed alone',
  },
  {
    file: 'src/study/fit-scenario.ts',
    line: 'haltExitNs: 0,',
    what: '1 instead of 0',
    why: 'a processor that always has a thread to run never halts',
  },
  {
    file: 'src/study/coverage.ts',
    line: 'arrivals: { poisson: Math.round((load / SERVICE_NS) * 1e9) },',
    what: '1000000001 instead of 1e9',
    why: 'is rounded to the same whole number',
  },
  {
    file: 'src/report/svg-axis.ts',
    line: 'const [low, high] = rangeOf(Math.min(least, least >= 0 ? 0 : least), most, 0.05);',
    what: '> instead of >=',
    why: 'of 0 both are 0',
  },
  {
    file: 'src/nearest-word.ts',
    line:
      'const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && ' +
      'from[i - 2] === to[j - 1];',
    what: '>= instead of >',
    why: 'before the first letter there is none, which is no letter of the other word either',
  },
  ...[
    'const REMOVAL_MS = 2_000;',
    'const REFUSED_MS = 10_000;',
    'const PAUSE_MS = 500;',
    'const LOOK_MS = 1_000;',
    'const ANSWER_MS = 2_000;',
  ].map(aMillisecondMore),
  {
    file: 'src/recording/dpcisr-load.ts',
    line: 'if (overlap > 0) {',
    what: '>= instead of >',
    why: 'the first bucket is not looked at: there is no place 0',
  },
  {
    file: 'src/recording/dpcisr-report.ts',
    line: "else if (PROCESSOR_CELL.test(text.split(',', 1)[0])) this.takeHead(text, line);",
    what: '2 instead of 1',
    why: 'the first cell is looked at, however many there are',
  },
  {
    file: 'src/run/seen-shards.ts',
    line: '(maxNs === best.maxNs && line.shardIndex < best.index);',
    what: '<= instead of <',
    why: 'the same shard once more',
  },
  {
    file: 'src/recording/recording-format.ts',
    line: 'return -1;',
    what: '2 instead of 1',
    why: 'any negative number says that a varint is cut off',
  },
  {
    file: 'src/kernel/read-log.ts',
    line: 'return source === log.LOG_TIMER_DPC ? -1 : source;',
    what: '2 instead of 1',
    why: NEGATIVE,
  },
  {
    file: 'src/recording/trace-event.ts',
    line: 'return at < 0 ? -1 : wholeNumber(text, at + key.length);',
    what: '2 instead of 1',
    why: NEGATIVE,
  },
  {
    file: 'src/result/histogram-packer.ts',
    line: 'half = half >= 0 ? -1 : place;',
    what: '2 instead of 1',
    why: NEGATIVE,
  },
  {
    file: 'src/run/pool.ts',
    line: 'resourceLimits: { maxYoungGenerationSizeMb: 2 },',
    what: '3 instead of 2',
    why: 'what a thread may use between two collections of garbage: speed alone',
  },
  {
    file: 'src/run/run-benchmark.ts',
    line: 'return events < IN_PROCESS_EVENTS ? executeInProcess : executeInPool;',
    what: '<= instead of <',
    why: 'where a run is carried out never changes its result',
  },
  {
    file: 'src/stats/bootstrap.ts',
    line: 'for (let i = 0; i < column.length; i++) without[i] = all - column[i];',
    what: '<= instead of <',
    why: 'a typed array takes nothing behind its end',
  },
  {
    file: 'src/kernel/pack.ts',
    line: 'const PROCESSOR_SHIFT = abi.RECORDED_TIME_BITS - 32;',
    what: '+ instead of -',
    why: 'a number of 32 bits is shifted by this modulo 32',
  },
  {
    file: 'src/queue/redis-queue.ts',
    line: 'const FIRST_ANSWER_MS = 10_000;',
    what: '10001 instead of 10_000',
    why: 'how long a server may be silent at first is a matter of patience, not of a millisecond',
  },
];
