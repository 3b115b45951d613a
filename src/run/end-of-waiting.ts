/**
 * Ends the waiting for any number of promises by one error. `Promise.race` with a promise that is
 * decided late, or never, would keep what every other one has answered until then.
 */
export class EndOfWaiting {
  private error: Error | null = null;
  private readonly waiting = new Set<(error: Error) => void>();

  /** Whoever waits gets the error, and whoever waits from now on. */
  end(error: Error): void {
    this.error = error;
    for (const reject of this.waiting) reject(error);
    this.waiting.clear();
  }

  /** What the promise answers; rejects when the waiting ends before. */
  async for<T>(promise: Promise<T>): Promise<T> {
    let leave = (): void => undefined;
    const ended = new Promise<never>((_, reject) => {
      if (this.error !== null) reject(this.error);
      this.waiting.add(reject);
      leave = () => void this.waiting.delete(reject);
    });
    try {
      return await Promise.race([promise, ended]);
    } finally {
      leave();
    }
  }
}
