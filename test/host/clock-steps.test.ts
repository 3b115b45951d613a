import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ProgressDisplay } from '../../src/cli/progress.js';
import { LockFile } from '../../src/disk/lock-file.js';
import { runCli } from './run-cli.js';

/*
 * The clock on the wall is set: by hand, by NTP, by a host that wakes up. What waits, beats or is
 * measured goes by the one that only goes forward.
 */
const YEAR_MS = 365 * 86_400_000;
/** As the wall clock is read again and again; for good from the last on. */
const STEPS_MS = [YEAR_MS, -YEAR_MS, 0, -3_600_000, 3_600_000, -50 * YEAR_MS];

let folder: string;
let steps = 0;

/** Each time that it is asked, the clock has been set. */
function stepClock(): void {
  const { now } = Date;
  vi.spyOn(Date, 'now').mockImplementation(() => now() + STEPS_MS[steps++ % STEPS_MS.length]);
  const RealDate = Date;
  vi.stubGlobal(
    'Date',
    class extends RealDate {
      constructor(...args: number[]) {
        super(args[0] ?? RealDate.now());
      }
    },
  );
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-clock-'));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  rmSync(folder, { recursive: true });
});

it('a journal and a result do not depend on it', async () => {
  const run = async (name: string): Promise<string[]> => {
    const [journal, json] = ['journal', 'json'].map((end) => join(folder, `${name}.${end}`));
    const line = ['run', 'default', '-n', '4k', '--shards', '3', '-w', '1', '--seed', '7'];
    const { code } = await runCli([...line, '--journal', journal, '--json', json, '-q']);
    expect(code).toBe(0);
    const { meta, ...document } = JSON.parse(readFileSync(json, 'utf8'));
    const { host, ...known } = meta;
    expect(host.wallSeconds).toBeGreaterThan(0);
    expect(host.wallSeconds).toBeLessThan(600);
    return [readFileSync(journal, 'hex'), JSON.stringify({ ...document, meta: known })];
  };
  const still = await run('still');
  stepClock();
  expect(await run('stepping')).toEqual(still);
});

it('a lock is touched so that another host sees it', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
  const path = join(folder, 'journal');
  const lock = await LockFile.take(path);
  const seen = new Set<bigint>();
  const beats = 4;
  for (let beat = 0; beat < beats; beat++) {
    // Set back each time to the same instant, as by a clock that has lost its battery.
    vi.setSystemTime(0);
    vi.advanceTimersByTime(2_000);
    seen.add(statSync(`${path}.lock`, { bigint: true }).mtimeNs);
  }
  lock.release();
  expect(seen.size).toBe(beats);
});

it("another host's lock is neither taken over early nor waited for longer", async () => {
  stepClock();
  const path = join(folder, 'journal');
  const text = JSON.stringify({ host: 'elsewhere', pid: 1, started: '7' });
  writeFileSync(`${path}.lock`, text);
  // Its clock goes backwards, and it lives.
  let touchedS = 1_000_000_000;
  const touching = setInterval(() => utimesSync(`${path}.lock`, touchedS, (touchedS -= 60)), 40);
  await expect(LockFile.take(path, 300)).rejects.toThrow('process 1 of "elsewhere" is writing');
  clearInterval(touching);
  // Now it does not.
  const started = performance.now();
  (await LockFile.take(path, 300)).release();
  expect(performance.now() - started).toBeGreaterThan(250);
});

it('how fast it goes and how long it takes are told by the clock that goes forward', async () => {
  stepClock();
  const drawn: string[] = [];
  const console = {
    out: () => true,
    err: (text: string) => (drawn.push(text), true),
    styledErr: (text: string) => (drawn.push(text), true),
    colours: false,
    width: 80,
    isInteractive: true,
    lost: null,
  };
  const display = new ProgressDisplay(console as never, 'w8');
  const show = (): void =>
    display.show({ interrupts: 5_000_000, share: 0.5, tasksDone: 1, tasks: 2 });
  // Too early for a pace, whatever the clock on the wall says.
  show();
  expect(drawn).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 600));
  show();
  expect(drawn.join()).toMatch(/5,000,000 interrupts, [\d.,]+( M)?\/s, \d+ s left/);
});
