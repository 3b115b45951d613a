import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Dice } from '../fuzz/dice.js';

const POINTS = ['1us', '2us', '3us', '4us', '5us', '6us', '7us', '8us'];
const SCENARIO = `name: killed
machine: { processors: 2 }
sources:
  - { name: nic, irql: 5, isr: 2us, arrivals: { poisson: 50000/s },
      dpc: { target: 1, importance: high, service: 4us } }
policies: [pre-vista, vista]
`;

/** What a sweep writes; all of it is a function of scenario and seed. */
const WRITTEN = ['points.csv', 'points.ndjson'];

/** Starts the built program; resolves with its exit code, or null if it was killed. */
async function sweep(folder: string, into: string, killAfterMs?: number): Promise<number | null> {
  const setting = `machine.costs.dequeue=${POINTS.join(',')}`;
  const words = ['sweep', 'it.yaml', '-n', '40k', '--shards', '4', '-w', '1', '--param', setting];
  const args = [resolve('dist/cli.js'), ...words, '-o', into, '-q'];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' });
  const timer =
    killAfterMs === undefined ? null : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const [code] = (await once(child, 'close')) as [number | null];
  if (timer !== null) clearTimeout(timer);
  return code;
}

/**
 * Kills a sweep at so many random instants, each time goes on with it, and compares what it has
 * written in the end with what one makes that nobody killed. One that ends is begun anew.
 */
export async function killSweeps(
  folder: string,
  { kills, seed }: { kills: number; seed: number },
): Promise<{ killed: number; whole: number; differing: string[] }> {
  writeFileSync(join(folder, 'it.yaml'), SCENARIO);
  const started = performance.now();
  if ((await sweep(folder, 'never')) !== 0) throw new Error('the sweep fails');
  const wholeMs = performance.now() - started;
  const read = (into: string): string[] =>
    WRITTEN.map((name) => readFileSync(join(folder, into, name), 'utf8'));
  const wanted = read('never');
  const dice = new Dice('kills', seed);
  const counts = { killed: 0, whole: 0, differing: [] as string[] };
  const finish = (): void => {
    counts.whole++;
    const differing = read('killed').flatMap((text, i) => (text === wanted[i] ? [] : WRITTEN[i]));
    counts.differing.push(...differing);
    rmSync(join(folder, 'killed'), { recursive: true });
  };
  while (counts.killed < kills) {
    const code = await sweep(folder, 'killed', dice.below(Math.ceil(wholeMs)));
    if (code === null) counts.killed++;
    else if (code !== 0) throw new Error(`the sweep went on with exit code ${code}`);
    else finish();
  }
  if ((await sweep(folder, 'killed')) !== 0) throw new Error('the sweep does not go on');
  finish();
  return counts;
}
