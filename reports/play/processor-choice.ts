import { computed, signal } from '@preact/signals';
import { firstProcessors, type ProcessorOrder } from '../../src/play/processor-order.js';
import type { ProcessorWindow } from '../../src/play/recent-processors.js';

/** What the choice depends on. */
export interface ChoiceGround {
  readonly glance: { readonly value: number };
  readonly progress: { readonly value: string };
  readonly machines: readonly { processors: ProcessorWindow | null }[];
}

/** So many processors are shown at once. */
export const MOST_SHOWN = 16;
/** While figures change, rows keep their places for so long. */
const CHOSEN_EVERY_MS = 2_000;

/** Which processors are shown where there is no room for all. */
export class ProcessorChoice {
  readonly order = signal<ProcessorOrder>('depth');
  /** By number: the first one. */
  readonly from = signal(0);
  /** Those that are shown, in the order of their rows. */
  readonly shown = computed(() => this.choose());
  private last: { order: ProcessorOrder; ms: number; shown: number[] } | null = null;

  constructor(private readonly ground: ChoiceGround) {}

  private choose(): readonly number[] {
    const { glance, machines, progress } = this.ground;
    void glance.value;
    const windows = machines.flatMap(({ processors }) => processors ?? []);
    const count = Math.min(...windows.map(({ deepest }) => deepest.length));
    if (windows.length < machines.length) {
      this.last = null;
      return [];
    }
    const order = this.order.value;
    if (order === 'number' || count <= MOST_SHOWN) {
      const length = Math.min(count, MOST_SHOWN);
      const first = Math.min(order === 'number' ? this.from.value : 0, count - length);
      return Array.from({ length }, (_, i) => first + i);
    }
    const nowMs = performance.now();
    const { last } = this;
    const isRunning = progress.value === 'running';
    if (isRunning && last?.order === order && nowMs - last.ms < CHOSEN_EVERY_MS) return last.shown;
    const shown = firstProcessors(windows, order, MOST_SHOWN);
    this.last = { order, ms: nowMs, shown };
    return shown;
  }
}
