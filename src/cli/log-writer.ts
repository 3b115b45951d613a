import type { TraceEvent } from '../kernel/simulate.js';

/** What an event log is printed as: itself, or what Windows' tools make of one. */
export const LOG_FORMATS = ['ndjson', 'dumper', 'dpcisr', 'latencymon'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

interface LogWriter {
  /** What can be printed by now. */
  take(events: readonly TraceEvent[]): string;
  /** The rest. */
  end(spanNs: number): string;
}

/** Prints the event log of a machine with so many processors. */
export async function logWriter(format: LogFormat, processors: number): Promise<LogWriter> {
  if (format === 'ndjson') {
    const { toNdjson } = await import('../export/ndjson.js');
    return { take: toNdjson, end: () => '' };
  }
  const { RoutineLog } = await import('../export/routine-log.js');
  const { DpcIsrText, DumperText, LatencyMonText } = await import('../export/windows-text.js');
  const text = {
    dumper: () => new DumperText(),
    dpcisr: () => new DpcIsrText(processors),
    latencymon: () => new LatencyMonText(processors),
  }[format]();
  const log = new RoutineLog(text);
  return {
    take: (events) => {
      log.take(events);
      return text.take();
    },
    end: (spanNs) => text.end(spanNs),
  };
}
