/**
 * The memory of a kernel that has been wiped, for the next series of the very same scenario and
 * build, which lays it out alike: megabytes that would otherwise wait for the garbage collector.
 * Whoever makes one answers for the scenario: it must not change.
 */
export class SpareMemory {
  private memory: WebAssembly.Memory | undefined;

  keep(memory: WebAssembly.Memory): void {
    this.memory = memory;
  }

  take(): WebAssembly.Memory | undefined {
    const { memory } = this;
    this.memory = undefined;
    return memory;
  }
}
