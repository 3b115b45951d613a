import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';

/** What `watchFrames` has seen since it was called, in ms. */
export interface FrameWatch {
  /** From one animation frame to the next. */
  frames: number[];
  /** Tasks of more than 50 ms, as the browser tells them. */
  tasks: number[];
}

declare global {
  var dpcbenchWatch: FrameWatch | undefined;
}

/** Runs in the page. */
export function watchFrames(): void {
  const watch: FrameWatch = { frames: [], tasks: [] };
  globalThis.dpcbenchWatch = watch;
  let lastMs = 0;
  const next = (nowMs: number): void => {
    if (lastMs > 0) watch.frames.push(nowMs - lastMs);
    lastMs = nowMs;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watch.tasks.push(duration);
  }).observe({ type: 'longtask' });
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** How much processor time its thread spent, in µs. */
  tdur?: number;
  args: { name?: string };
}

/** The tasks of the page's own thread, in ms of its processor time, out of a browser's trace. */
export function mainThreadTasks(trace: string): number[] {
  const { traceEvents } = JSON.parse(trace) as { traceEvents: TraceEvent[] };
  const names = traceEvents.filter(({ name }) => name === 'thread_name');
  // The browser has pages of its own; this one has workers.
  const worker = names.find(({ args }) => args.name?.startsWith('DedicatedWorker'));
  const main = names.find(({ args, pid }) => args.name === 'CrRendererMain' && pid === worker?.pid);
  if (main === undefined) throw new Error('the trace names no page with workers');
  return traceEvents
    .filter(({ name, ph, pid, tid }) => {
      return ph === 'X' && pid === main.pid && tid === main.tid && name.endsWith('RunTask');
    })
    .map(({ tdur }) => (tdur ?? 0) / 1e3);
}

/** Resident memory of the largest page's process, workers included; null where nobody tells. */
export async function residentMegabytes(browser: Browser): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  const sizes = pages.map(({ id }) => {
    const status = readFileSync(`/proc/${id}/status`, 'utf8');
    return Number(/VmRSS:\s*(\d+)/.exec(status)![1]) / 1e3;
  });
  return Math.max(...sizes);
}
