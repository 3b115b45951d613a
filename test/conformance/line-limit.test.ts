import { expect, it } from 'vitest';
import { MAX_LINES, MAX_PROCESSORS } from '../../assembly/shared/abi.js';
import { simulateShard } from '../simulate.js';
import { KERNELS, requestsOf } from './simulate-models.js';

const WIDE = MAX_LINES / MAX_PROCESSORS;

it('a machine has as many interrupt lines as the kernel holds, and not one more', () => {
  const everywhere = Array.from({ length: MAX_PROCESSORS }, (_, i) => i);
  const source = (index: number, processor: number[] | number): object => ({
    name: `source${index}`,
    irql: 5,
    processor,
    arrivals: { at: [100] },
    isr: 1,
    dpc: { service: 1 },
  });
  const wide = Array.from({ length: WIDE }, (_, i) => source(i, everywhere));
  const requestOf = (sources: object[]) =>
    requestsOf(
      { machine: { processors: MAX_PROCESSORS }, sources, until: { time: 1_000 } },
      { seed: 1 },
    )[0];
  for (const kernel of KERNELS.slice(0, 2)) {
    expect(simulateShard(requestOf(wide), kernel).machine.counters.arrivals).toBe(WIDE);
    expect(() => simulateShard(requestOf([...wide, source(WIDE, 0)]), kernel)).toThrow(
      /^the sources have more than 65536 interrupt lines/,
    );
  }
});
