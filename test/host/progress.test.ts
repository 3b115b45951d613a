import { describe, expect, it } from 'vitest';
import { ProgressDisplay } from '../../src/cli/progress.js';
import type { RunProgress } from '../../src/run/tasks.js';
import { widthOf } from '../../src/export/text-width.js';
import { StepsDisplay } from '../../src/cli/steps-display.js';
import { consoleOf, type Screen } from './console-of.js';

/** What is shown of a run at these instants. */
function shown(
  screen: Screen,
  steps: readonly ({ ms: number } & Pick<RunProgress, 'interrupts' | 'share' | 'queue'>)[],
): string[] {
  const lines: string[] = [];
  const console = consoleOf(screen, lines);
  let nowMs = 0;
  const display = new ProgressDisplay(console, 'a-scenario', () => nowMs);
  for (const { ms, ...progress } of steps) {
    nowMs = ms;
    display.show({ ...progress, tasksDone: 0, tasks: 1 });
  }
  return lines;
}

describe('progress', () => {
  it('says how fast it goes and how long it takes', () => {
    const [early, later, last] = shown({ width: 80, isInteractive: true }, [
      { ms: 200, interrupts: 1000, share: 0.01 },
      { ms: 10_000, interrupts: 42_000_000, share: 0.25 },
      { ms: 600_000, interrupts: 300_000_000, share: 0.5 },
    ]);
    expect(early).toMatch(/1 % {2}1,000 interrupts$/);
    expect(later).toMatch(/ 25 % {2}42,000,000 interrupts, 4\.20 M\/s, 30 s left$/);
    expect(last).toMatch(/ 50 % {2}300,000,000 interrupts, 500,000\/s, 10 min left$/);
  });

  it.each([
    [1, '1 s'],
    [99.4, '99 s'],
    [99.5, '2 min'],
    [5_969, '99 min'],
    [5_970, '2 h'],
    [36_000, '10 h'],
  ])('says of %d s how long that is: %s', (seconds, words) => {
    const half = { ms: 1000 * seconds, interrupts: 9, share: 0.5 };
    const [line] = shown({ width: 80, isInteractive: true }, [half]);
    expect(line.endsWith(`, ${words} left`)).toBe(true);
  });

  it('says how many workers a queue has, and when it does not answer', () => {
    const queues = [0, 1, 1_200, 'away', 'there', undefined] as const;
    const steps = queues.map((queue, i) => ({ ms: 1 + i * 9, interrupts: 0, share: 0, queue }));
    const lines = shown(
      { width: 120, isInteractive: true },
      steps.map((step) => ({ ...step, ms: step.ms * 100 })),
    );
    expect(lines.map((line) => line.replace(/^[^]*interrupts/, ''))).toEqual([
      ', no worker',
      ', 1 worker',
      ', 1,200 workers',
      ', the queue does not answer',
      '',
      '',
    ]);
  });

  it.each([80, 60, 30])('never wraps in a terminal of %i columns', (width) => {
    const lines = shown({ width, isInteractive: true }, [
      { ms: 200, interrupts: 1, share: 0 },
      { ms: 90_000, interrupts: 999_999_999_999, share: 0.999 },
    ]);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line.replace('\r\x1b[2K', '').length).toBeLessThan(width);
  });

  it('never wraps where a name has wide characters', () => {
    const lines: string[] = [];
    let nowMs = 0;
    const console = consoleOf({ width: 60, isInteractive: true }, lines);
    const display = new ProgressDisplay(console, '割り込み'.repeat(10), () => nowMs);
    nowMs = 200;
    display.show({ interrupts: 1, share: 0, tasksDone: 0, tasks: 1 });
    const line = lines[0].replace('\r\x1b[2K', '');
    expect(line).toMatch(/^割り込み割り込み割り ░+ {3}0 % {2}1 interrupts$/);
    expect(widthOf(line)).toBeLessThan(60);
  });

  it('is a plain line now and then where nothing can be redrawn', () => {
    const steps = [1000, 4000, 6000, 7000, 12_000].map((ms) => ({
      ms,
      interrupts: ms * 1000,
      share: ms / 100_000,
    }));
    expect(shown({ width: 80, isInteractive: false }, steps)).toEqual([
      'a-scenario: 6 %  6,000,000 interrupts, 1.00 M/s, 94 s left\n',
      'a-scenario: 12 %  12,000,000 interrupts, 1.00 M/s, 88 s left\n',
    ]);
  });

  it.each([80, 24])(
    'of steps never wraps in a terminal of %i columns, and is taken away',
    (width) => {
      const lines: string[] = [];
      let nowMs = 0;
      const console = consoleOf({ width, isInteractive: true }, lines);
      const display = new StepsDisplay(console, 'sweep a-scenario', () => nowMs);
      nowMs = 1000;
      display.show({ all: 100, done: 50, simulated: 20 });
      nowMs = 1050;
      display.show({ all: 100, done: 51, simulated: 21 });
      display.end();
      display.end();
      const [line, ...others] = lines.map((each) => each.replace('\r\x1b[2K', ''));
      expect('sweep a-scenario: 50 of 100, about 3 s left'.slice(0, width - 1)).toBe(line);
      expect(others).toEqual(['']);
    },
  );

  it.each([
    [1, '1 s'],
    [99_000, '99 s'],
    [99_001, '2 min'],
    [120_000, '2 min'],
    [120_001, '3 min'],
    [5_940_000, '99 min'],
    [5_940_001, '2 h'],
    [36_000_000, '10 h'],
  ])('of steps says of %d ms that it takes about %s more', (ms, words) => {
    const lines: string[] = [];
    const console = consoleOf({ width: 80, isInteractive: true }, lines);
    let nowMs = 0;
    const display = new StepsDisplay(console, 'a', () => nowMs);
    nowMs = 1000;
    // A step of a millisecond, and so many are left.
    display.show({ all: 1_000 + ms, done: 1_000, simulated: 1_000 });
    expect(lines.join('')).toContain(`, about ${words} left`);
  });

  it.each([0, 499, 500])('of a run says nothing of its pace in %d ms, or what it can', (ms) => {
    const step = { ms: 600_000 + ms, interrupts: 0, share: 0.5 };
    expect(shown({ width: 80, isInteractive: true }, [step])[0]).toMatch(/interrupts$/);
    const [early] = shown({ width: 80, isInteractive: true }, [{ ...step, ms, interrupts: 9 }]);
    expect(/ left$/.test(early ?? '')).toBe(ms >= 500);
    const none = { ms: 600_000, interrupts: 9, share: 0 };
    expect(shown({ width: 80, isInteractive: true }, [none])[0]).toMatch(/interrupts$/);
  });
});
