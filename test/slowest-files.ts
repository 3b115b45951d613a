import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

const SHOWN = 10;

/** Prints, after all else, the files that take longest: with their imports, in wall-clock time. */
export default class SlowestFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const timed = modules.map((module) => {
      const { collectDuration, duration, setupDuration } = module.diagnostic();
      return { ms: collectDuration + duration + setupDuration, path: module.moduleId };
    });
    timed.sort((a, b) => b.ms - a.ms);
    const all = timed.reduce((sum, { ms }) => sum + ms, 0);
    console.log(`\n${seconds(all)} in ${timed.length} files. The slowest:`);
    for (const { ms, path } of timed.slice(0, SHOWN)) {
      console.log(`${seconds(ms)}  ${relative(process.cwd(), path)}`);
    }
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`.padStart(8);
}
