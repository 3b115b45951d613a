import { shippedKernel } from '../disk/shipped-kernel.js';
import { InputError, type ExitCode, type Problem } from '../errors.js';
import { executeInProcess } from '../run/in-process.js';
import { type CellJob, type CellPoint, runCell } from './cell.js';

/** An InputError does not survive the way between threads; its problems do. */
export type CellAnswer =
  | { kind: 'points'; points: CellPoint[]; kernelHash: string }
  | { kind: 'problems'; problems: readonly Problem[]; exitCode: ExitCode };

/** Built to dist/cell-worker.js; one thread of the pool of a sweep. */
export default async function answerCell(job: CellJob): Promise<CellAnswer> {
  try {
    const points = await runCell(job, executeInProcess, { workers: 1 });
    return { kind: 'points', points, kernelHash: shippedKernel().identity.hash };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { kind: 'problems', problems: error.problems, exitCode: error.exitCode };
  }
}
