import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const idle = () => import('../../reports/play/short-idle.js');

test('an idle browser gives the editor fifteen ms at most, a busy one less', async () => {
  const asked: IdleRequestCallback[] = [];
  const cancelled: number[] = [];
  vi.stubGlobal('requestIdleCallback', (callback: IdleRequestCallback) => asked.push(callback));
  vi.stubGlobal('cancelIdleCallback', (handle: number) => cancelled.push(handle));
  const { cancelIdleCallback, requestIdleCallback } = await idle();
  const left: number[] = [];
  const handle = requestIdleCallback(({ timeRemaining }) => left.push(timeRemaining()));
  asked[0]({ didTimeout: false, timeRemaining: () => 49 });
  asked[0]({ didTimeout: true, timeRemaining: () => 4 });
  expect(left).toEqual([15, 4]);
  cancelIdleCallback(handle);
  expect(cancelled).toEqual([1]);
});

test('a browser that knows no idleness gives it a task of its own', async () => {
  vi.stubGlobal('requestIdleCallback', undefined);
  vi.stubGlobal('setTimeout', (callback: () => void) => {
    callback();
    return 7;
  });
  const cleared: number[] = [];
  vi.stubGlobal('clearTimeout', (handle: number) => cleared.push(handle));
  const { cancelIdleCallback, requestIdleCallback } = await idle();
  const left: number[] = [];
  const handle = requestIdleCallback(({ timeRemaining }) => left.push(timeRemaining()));
  expect(left).toEqual([15]);
  cancelIdleCallback(handle);
  expect(cleared).toEqual([7]);
});
