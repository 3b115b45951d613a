import { EXIT, InputError } from '../errors.js';
import type { Console } from './console.js';
import { GateFailed } from './exit-code.js';

/**
 * Steps of which each is done whatever becomes of the others: a report that cannot be written keeps
 * no gate from being judged, and a gate that fails keeps no file from being written.
 */
export class Attempts {
  private readonly failures: (InputError | GateFailed)[] = [];

  async make(step: () => void | Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      const isExpected =
        error instanceof GateFailed ||
        (error instanceof InputError && error.exitCode === EXIT.files);
      if (!isExpected) throw error;
      this.failures.push(error);
    }
  }

  /** Throws what failed: a gate before a file, since it says more. The others are said here. */
  end(console: Console): void {
    if (this.failures.length === 0) return;
    const last = this.failures.find((error) => error instanceof GateFailed) ?? this.failures[0];
    for (const error of this.failures) if (error !== last) console.err(`${error.message}\n`);
    throw last;
  }
}
