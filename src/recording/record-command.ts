/**
 * The events to record on x86. All of `irq_vectors:*` would be refused: it holds `irq_work_exit`,
 * which may not be sampled, since the sample itself raises that interrupt.
 */
const VECTORS = ['local_timer_*', 'reschedule_*', 'call_function_*'];
const PERF_EVENTS = ['irq:*', ...VECTORS.map((name) => `irq_vectors:${name}`), 'ipi:*'];

/** Records the whole machine for 8 s, as docs/recordings.md has it, and prints what is imported. */
export const PERF_COMMANDS = [
  `perf record -a ${PERF_EVENTS.map((event) => `-e '${event}'`).join(' ')} -- sleep 8`,
  'perf script --ns -F comm,pid,cpu,time,event,trace > trace.txt',
] as const;
