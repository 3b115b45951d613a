import { SeededStream } from '../../src/stats/seeded-stream.js';

/** Draws from a few values, which are chosen for the limits that they lie at. */
export class Pick {
  private readonly stream: SeededStream;

  constructor(seed: number) {
    this.stream = new SeededStream([seed]);
  }

  of<T>(...values: readonly T[]): T {
    return values[this.stream.below(values.length)];
  }

  flip(): boolean {
    return this.stream.below(2) === 0;
  }

  some<T>(...values: readonly T[]): T[] {
    const chosen = values.filter(() => this.flip());
    return chosen.length === 0 ? [values[0]] : chosen;
  }
}
