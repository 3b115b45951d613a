import { MachineSum } from './machine-sum.js';
import type { ShardOutcome } from './outcome.js';

/** Reads the result block at `address`: everything is copied, so that the kernel can go. */
export function unpackResult(
  buffer: ArrayBuffer,
  address: number,
  sourceCount: number,
  processorCount: number,
): ShardOutcome {
  const sum = MachineSum.create(sourceCount, processorCount);
  return {
    ...sum.addBlock(buffer, address),
    sources: Array.from({ length: sourceCount }, (_, i) => sum.source(i)),
    processors: Array.from({ length: processorCount }, (_, i) => sum.processor(i)),
  };
}
