/** What the editor does while nobody asks for anything takes at most so long at once, in ms. */
const MOST_MS = 15;

/** Safari has no idle callbacks: there they come in a task of their own. */
const hasIdle = typeof globalThis.requestIdleCallback === 'function';

/**
 * In place of the browser's own in the editor's bundle (build-play.mjs): CodeMirror reads on in a
 * long text for as long as the browser is idle, and what it then does with it comes on top.
 */
export function requestIdleCallback(
  callback: IdleRequestCallback,
  options?: IdleRequestOptions,
): number {
  if (!hasIdle) {
    return Number(setTimeout(() => callback({ didTimeout: false, timeRemaining: () => MOST_MS })));
  }
  return globalThis.requestIdleCallback((deadline) => {
    const timeRemaining = (): number => Math.min(MOST_MS, deadline.timeRemaining());
    callback({ didTimeout: deadline.didTimeout, timeRemaining });
  }, options);
}

export function cancelIdleCallback(handle: number): void {
  if (hasIdle) globalThis.cancelIdleCallback(handle);
  else clearTimeout(handle);
}
