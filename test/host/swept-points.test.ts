import { describe, expect, it } from 'vitest';
import type { Console } from '../../src/cli/console.js';
import { ProgressDisplay } from '../../src/cli/progress.js';
import { StatusLine } from '../../src/cli/status-line.js';
import { StepsDisplay } from '../../src/cli/steps-display.js';
import type { Journal } from '../../src/disk/journal.js';
import { EXIT, inputError } from '../../src/errors.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { parseSetting } from '../../src/scenario/setting.js';
import {
  carryOutSweep,
  SweepCancelled,
  type SweepProgress,
} from '../../src/sweep/carry-out-sweep.js';
import { sweepFigures } from '../../src/sweep/cell.js';
import { parseParameter } from '../../src/sweep/parameter.js';
import { planSweep } from '../../src/sweep/plan-sweep.js';
import { consoleOf } from './console-of.js';

const WRITTEN = {
  name: 'swept',
  machine: { processors: 2 },
  sources: [
    {
      name: 'nic',
      irql: 6,
      arrivals: { poisson: '20k/s' },
      dpc: { target: 1, importance: 'high', service: '3us' },
    },
  ],
  policies: ['pre-vista', 'vista'],
  until: { interrupts: 300 },
};

const open = (settings: readonly string[]): Scenario =>
  resolveScenario(WRITTEN, { settings: settings.map((text) => parseSetting(text)) });

function plan(texts: string[], of = open) {
  return planSweep({
    parameters: texts.map((text) => parseParameter(text)),
    sample: null,
    seed: 7,
    front: ['ipis', 'dpcWait.p99'],
    open: of,
    commandOf: (settings) => `dpcbench run ${settings.join(' ')}`,
    options: { shards: 1, warmup: 'none' },
  });
}

/** A journal in memory. */
class Kept {
  readonly map = new Map<string, Uint8Array>();
  keys = (): string[] => [...this.map.keys()];
  get = (key: string): Uint8Array | undefined => this.map.get(key);
  add = (key: string, bytes: Uint8Array): void => void this.map.set(key, bytes);
}

describe('a sweep', () => {
  // The last policy is another one where the first parameter says so; 0 processors are none.
  const parameters = ['machine.processors=2,0,3', 'policies=[vista],[vista, msdn]'];

  it('has the points of each choice under its policies, and what is no scenario', async () => {
    const told: SweepProgress[] = [];
    const onProgress = (progress: SweepProgress): void => void told.push({ ...progress });
    const document = await carryOutSweep(plan(parameters), { workers: 1, onProgress });
    expect(told).toEqual(
      [1, 2, 3, 4, 5, 6].map((done) => ({
        choices: 6,
        done,
        simulated: done < 3 ? done : Math.max(2, done - 2),
      })),
    );
    expect(document.policies).toEqual(['vista', 'msdn']);
    const points = document.points.map(({ choice, interrupts, number, policy, problem, shards }) =>
      [number, choice.join(), policy, interrupts, shards, problem.slice(0, 20)].join(' '),
    );
    expect(points).toEqual([
      '1 0,0 vista 300 1 ',
      '2 0,1 vista 300 1 ',
      '3 0,1 msdn 300 1 ',
      expect.stringMatching(/^4 1,0 {2}0 0 --set machine\.proce/),
      expect.stringMatching(/^5 1,1 {2}0 0 --set machine\.proce/),
      '6 2,0 vista 300 1 ',
      '7 2,1 vista 300 1 ',
      '8 2,1 msdn 300 1 ',
    ]);
    expect(document.points[3]).toMatchObject({ figures: [], note: '', report: '' });
    expect(document.points[2].command).toBe(
      'dpcbench run machine.processors=2 policies=[vista, msdn]',
    );
    const alone = await runBenchmark(
      open(['machine.processors=3', 'policies=[vista, msdn]']),
      { seed: 7, shards: 1, warmup: 'none', census: false },
      executeInProcess,
    );
    const at = document.figures.findIndex(({ name }) => name === 'dpcWait.max');
    expect(document.figures[at].unit).toBe('ns');
    expect(document.points[7].figures[at].value).toBe(alone.results[1].latency.dpcWait.maxNs);
    expect(Object.keys(document)).not.toContain('choices');
  });

  it('goes on where it was ended, and gives the same', async () => {
    const kept = new Kept();
    const journal = kept as unknown as Journal;
    const whole = await carryOutSweep(plan(parameters), { workers: 1, journal });
    expect(kept.map.size).toBe(4);
    const [first] = kept.map.keys();
    kept.map.delete(first);
    const told: SweepProgress[] = [];
    const onProgress = (progress: SweepProgress): void => void told.push({ ...progress });
    expect(await carryOutSweep(plan(parameters), { workers: 1, journal, onProgress })).toEqual(
      whole,
    );
    expect(told.at(-1)).toEqual({ choices: 6, done: 6, simulated: 1 });
    const again = await carryOutSweep(plan(parameters), { workers: 1, journal, onProgress });
    expect(again).toEqual(whole);
    expect(told.at(-1)).toEqual({ choices: 6, done: 6, simulated: 0 });
  });

  it('ends when it is told to, with what was done', async () => {
    const controller = new AbortController();
    const onProgress = ({ done }: SweepProgress): void => {
      if (done === 2) controller.abort();
    };
    const { signal } = controller;
    const sweep = carryOutSweep(plan(parameters), { workers: 1, signal, onProgress });
    await expect(sweep).rejects.toThrow(SweepCancelled);
    await expect(sweep).rejects.toThrow(/^cancelled after \d of 6 choices$/);
  });

  it('of which nothing is a scenario says why; a file that cannot be read ends it', async () => {
    expect(() => plan(['machine.processors=0,-1'])).toThrow(/machine\.processors=0/);
    const later = plan(['machine.processors=1,2']);
    const never = { ...later, open: () => open(['machine.processors=0']) };
    await expect(carryOutSweep(never, { workers: 1 })).rejects.toThrow(/machine\.processors=0/);
    const gone = {
      ...later,
      open: () => {
        throw inputError('it is gone', '', EXIT.files);
      },
    };
    await expect(carryOutSweep(gone, { workers: 1 })).rejects.toThrow('it is gone');
    const broken = () => {
      throw new TypeError('broken');
    };
    expect(() => plan(['machine.processors=1'], broken)).toThrow(new TypeError('broken'));
    const refused = (settings: readonly string[]): Scenario => {
      throw inputError(`no ${settings.join()}`);
    };
    expect(() => plan(['a=1,2'], refused)).toThrow('no a=1');
  });

  it('has up to 100,000 points, of all policies together', () => {
    const one = (): Scenario => open(['policies=[vista]']);
    const values = ['a=1..1000', 'b=1..100'];
    expect(plan(values, one).choices).toHaveLength(100_000);
    expect(() => plan(['a=1..1000', 'b=1..101'], one)).toThrow(/^101,000 points: at most 100,000/);
    expect(() => plan(values, () => open([]))).toThrow(/^200,000 points/);
  });

  it('trades two figures, counters by the thousand', () => {
    const sources = [{ name: 'nic' }];
    const of = (...front: string[]) => sweepFigures(front, { sources } as never);
    const { figures, front } = of('ipis', 'sources.nic.dpcWait.p99');
    expect(front.map((place) => figures[place])).toEqual([
      { name: 'ipisPerThousand', unit: 'count' },
      { name: 'sources.nic.dpcWait.p99', unit: 'ns' },
    ]);
    expect(figures).toHaveLength(15);
    expect(of('ipis', 'drains').figures).toHaveLength(14);
    expect(() => of('ipis')).toThrow('--front takes two figures, not 1');
    expect(() => of('ipis', 'ipisPerThousand')).toThrow(/trades a figure against itself/);
    expect(() => of('dpcWait.p999', 'dpcWait.p99.9')).toThrow(/against itself/);
    expect(() => of('ipis', 'dpcWiat.p99')).toThrow(/^--front dpcWiat\.p99: .*dpcWait/);
  });

  it('reads values at commas outside of brackets and quotes, and ranges', () => {
    const of = (text: string): string[] => parseParameter(text).values;
    expect(of(`a= 1 ,"x,y",'p"q,r',[1, 2],{ a: (1, 2) }`)).toEqual([
      '1',
      '"x,y"',
      `'p"q,r'`,
      '[1, 2]',
      '{ a: (1, 2) }',
    ]);
    expect(parseParameter(' a.b =1').path).toBe('a.b');
    expect(of('a=1..4')).toEqual(['1', '2', '3', '4']);
    expect(of('a=3..3')).toEqual(['3']);
    expect(of('a=1..9x3')).toEqual(['1', '3', '9']);
    expect(of('a=1us..2us:500ns')).toHaveLength(3);
    expect(() => of('=1')).toThrow(/this is no parameter/);
    expect(() => of('a=1,,2')).toThrow(/a value is empty/);
    expect(() => of('a=1,2,1')).toThrow(/the value "1" stands twice/);
    expect(of(`a=${'x'.repeat(16_382)}`)).toHaveLength(1);
    expect(() => of(`a=${'x'.repeat(16_383)}`)).toThrow(/this is no parameter/);
    expect(of('a=1..10000')).toHaveLength(10_000);
    expect(() => of('a=1..10001')).toThrow(/10,001|10,000/);
  });
});

describe('how far work is', () => {
  function on(isInteractive: boolean, width = 80): { console: Console; lines: string[] } {
    const lines: string[] = [];
    const console = consoleOf({ width, isInteractive }, lines);
    return { console, lines };
  }

  it('is told each tenth of a second on a terminal, each five seconds elsewhere', () => {
    const told = (isInteractive: boolean, times: readonly number[]): string[] => {
      const { console, lines } = on(isInteractive);
      let nowMs = 1000;
      const line = new StatusLine(console, () => nowMs);
      for (const ms of times) {
        nowMs = 1000 + ms;
        line.show((elapsedMs) => String(elapsedMs));
      }
      line.end();
      line.end();
      return lines;
    };
    expect(told(true, [99, 100, 199, 200])).toEqual(['\r\x1b[2K100', '\r\x1b[2K200', '\r\x1b[2K']);
    expect(told(true, [99])).toEqual([]);
    expect(told(false, [4999, 5000, 9999, 10_000])).toEqual(['5000\n', '10000\n']);
  });

  it('is a share, a bar of at most 24, how fast it goes and how long it takes', () => {
    const shown = (progress: object, ms: number, width = 80): string => {
      const { console, lines } = on(true, width);
      let nowMs = 0;
      const display = new ProgressDisplay(console, 'a title of more than twenty', () => nowMs);
      nowMs = ms;
      const nothing = { interrupts: 0, share: 0, tasksDone: 0, tasks: 1 };
      display.show({ ...nothing, ...progress });
      display.end();
      expect(lines[1]).toBe('\r\x1b[2K');
      return lines[0].slice('\r\x1b[2K'.length);
    };
    const title = 'a title of more than';
    const bar = (filled: number): string => '█'.repeat(filled) + '░'.repeat(24 - filled);
    expect(shown({}, 499)).toBe(`${title} ${bar(0)}   0 %  0 interrupts`);
    expect(shown({ share: 1, interrupts: 1 }, 499)).toBe(`${title} ${bar(24)} 100 %  1 interrupts`);
    expect(shown({ share: 0.999, interrupts: 999_400 }, 500, 120)).toBe(
      `${title} ${bar(24)}  99 %  999,400 interrupts, 2.00 M/s, 1 s left`,
    );
    expect(shown({ share: 0.5, interrupts: 499_400 }, 500, 120)).toBe(
      `${title} ${bar(12)}  50 %  499,400 interrupts, 999,000/s, 1 s left`,
    );
    expect(shown({ share: 0.5, interrupts: 1 }, 7_200_000, 120)).toBe(
      `${title} ${bar(12)}  50 %  1 interrupts, 0.000139/s, 2 h left`,
    );
    expect(shown({ share: 0.5, interrupts: 0, queue: 1 }, 60_000, 100)).toBe(
      `${title} ${bar(12)}  50 %  0 interrupts, 1 worker`,
    );
    // What is left of the width; a bar has no place in little of it.
    const narrow = shown({ share: 0.5, interrupts: 1 }, 100, 50);
    expect(narrow).toBe(`${title} ${'█'.repeat(4)}${'░'.repeat(4)}  50 %  1 interrupts`);
    expect(shown({ share: 0.5, interrupts: 1 }, 100, 40)).toBe(`${title}   50 %  1 interrup`);
  });

  it('is a number of steps, and the time that the others have taken', () => {
    const shown = (all: number, done: number, simulated: number, ms: number): string => {
      const { console, lines } = on(false);
      let nowMs = 0;
      const display = new StepsDisplay(console, 'a\x1b', () => nowMs);
      nowMs = ms;
      display.show({ all, done, simulated });
      return lines[0].slice(lines[0].indexOf(': ') + 2);
    };
    expect(shown(4000, 3, 0, 5000)).toBe('3 of 4,000\n');
    expect(shown(10, 1, 1, 5000)).toBe('1 of 10, about 45 s left\n');
    expect(shown(10, 5, 2, 5000)).toBe('5 of 10, about 13 s left\n');
    expect(shown(100, 1, 1, 5000)).toBe('1 of 100, about 9 min left\n');
    expect(shown(1201, 1, 1, 5000)).toBe('1 of 1,201, about 2 h left\n');
    expect(shown(1177, 1, 1, 5000)).toBe('1 of 1,177, about 98 min left\n');
  });
});
