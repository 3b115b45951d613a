import { afterAll, beforeAll, expect, vi } from 'vitest';

/** Most files share a process (vitest.config.ts): each leaves it as it was found, or fails. */
let found: unknown;
beforeAll(() => {
  found = surroundings();
});
afterAll(() => {
  vi.restoreAllMocks();
  vi.resetConfig();
  expect(surroundings(), 'what this file leaves behind for the next one').toEqual(found);
});

/** What a test may be tempted to change of what others depend on. */
function surroundings(): unknown {
  return {
    folder: process.cwd(),
    environment: { ...process.env },
    exitCode: process.exitCode,
    listeners: process.eventNames().map((name) => [name, process.listenerCount(name)]),
    // Helpers of compilers, which packages bring along.
    globals: Object.getOwnPropertyNames(globalThis).filter((name) => !name.startsWith('__')),
    clocks: [Date, Date.now, performance.now, Math.random, setTimeout, setInterval],
  };
}
