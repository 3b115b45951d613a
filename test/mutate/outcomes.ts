import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LoneTest, TestedFile } from './test-runner.js';

export const OUTCOMES = [
  'killed',
  'timed out',
  'survived',
  'undecided',
  'equivalent',
  'same code',
  'not built',
] as const;

/**
 * What became of a mutant. `undecided`: there was no time for all its tests. `equivalent`: one of
 * the list in equivalents.ts. `same code`: the compiler makes the same kernel of it. `not built`:
 * it makes none.
 */
export type Outcome = (typeof OUTCOMES)[number];

/** A mutant in the journal. */
export interface Tried {
  key: string;
  outcome: Outcome;
  /** `assembly/rules/insert.ts:40:7`. */
  place: string;
  what: string;
  /** The test that failed, or why it is equivalent. */
  why: string;
}

/** Names a mutant by what was made of the file: in another state of it, it is another mutant. */
export function keyOf(file: string, mutated: string): string {
  return createHash('sha256').update(`${file}\n${mutated}`).digest('hex').slice(0, 24);
}

/** What was tried is on the disk at once, so that one may stop at any time and go on. */
export class Journal {
  private readonly known = new Map<string, Tried>();
  private readonly tests = new Map<string, TestedFile>();
  private readonly alone = new Map<string, boolean>();
  private readonly chained = new Set<string>();
  /** Keys of test files as they first were: they may be worked on meanwhile. */
  private readonly keys = new Map<string, string>();

  constructor(private readonly path: string) {
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path)) return;
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      try {
        const entry = JSON.parse(line) as Tried & { tested?: TestedFile; alone?: boolean };
        if (entry.tested !== undefined) this.tests.set(entry.key, entry.tested);
        else if (entry.alone !== undefined) this.setAlone(entry.key, entry.alone);
        else this.known.set(entry.key, entry);
      } catch {
        // The last line, where something ended us.
      }
    }
  }

  get(key: string): Tried | undefined {
    return this.known.get(key);
  }

  add(tried: Tried): void {
    this.append(tried);
    this.known.set(tried.key, tried);
  }

  /** How a file of tests does with nothing changed; undefined where it is another one by now. */
  unchanged(file: string): TestedFile | undefined {
    return this.tests.get(this.keyOfTest(file));
  }

  addUnchanged(tested: TestedFile): void {
    const key = this.keyOfTest(tested.file);
    this.append({ key, tested });
    this.tests.set(key, tested);
  }

  private keyOfTest(file: string): string {
    const key = this.keys.get(file) ?? keyOf(file, readFileSync(file, 'utf8'));
    this.keys.set(file, key);
    return key;
  }

  /** Whether a test passes with nothing changed and none before it; undefined if nobody tried. */
  passesAlone({ file, id }: LoneTest): boolean | undefined {
    return this.alone.get(`${this.keyOfTest(file)} ${id}`);
  }

  addAlone({ file, id }: LoneTest, isPassed: boolean): void {
    const key = `${this.keyOfTest(file)} ${id}`;
    this.append({ key, alone: isPassed });
    this.setAlone(key, isPassed);
  }

  /** Whether some test of a file is known to need others before it. */
  isChained(file: string): boolean {
    return this.chained.has(this.keyOfTest(file));
  }

  private setAlone(key: string, isPassed: boolean): void {
    this.alone.set(key, isPassed);
    if (!isPassed) this.chained.add(key.slice(0, key.indexOf(' ')));
  }

  private append(entry: object): void {
    // Begins with the end of a line: the one before may be torn.
    appendFileSync(this.path, `\n${JSON.stringify(entry)}`);
  }
}

/** How many of those that could be noticed were. */
export function score(counts: Record<Outcome, number>): number {
  const noticed = counts.killed + counts['timed out'];
  return noticed / (noticed + counts.survived);
}

/** The table at the end: by folder, and all. */
export function outcomeTable(all: readonly Tried[]): string {
  const folders = new Map<string, Record<Outcome, number>>();
  const row = (name: string): Record<Outcome, number> => {
    let counts = folders.get(name);
    if (counts === undefined) {
      counts = Object.fromEntries(OUTCOMES.map((name) => [name, 0])) as Record<Outcome, number>;
      folders.set(name, counts);
    }
    return counts;
  };
  for (const { outcome, place } of [...all].sort((a, b) => (a.place < b.place ? -1 : 1))) {
    row(dirname(place))[outcome]++;
  }
  for (const { outcome } of all) row('all')[outcome]++;
  const lines = [['', ...OUTCOMES, 'noticed']];
  for (const [name, counts] of folders) {
    const share = score(counts);
    const percent = Number.isNaN(share) ? '' : `${(100 * share).toFixed(1)} %`;
    lines.push([name, ...OUTCOMES.map((outcome) => String(counts[outcome])), percent]);
  }
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const pad = (text: string, i: number): string =>
    i === 0 ? text.padEnd(widths[i]) : text.padStart(widths[i]);
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}
