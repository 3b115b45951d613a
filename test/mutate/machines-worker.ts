import { disagreement } from '../soak/agreement.js';
import { tryRandomMachines } from '../soak/random-machines.js';
import { FIRST_MACHINES } from '../soak/first-machines.js';

/**
 * What test/soak/soak.test.ts asks of the kernel first of all, without what it takes to start a
 * runner of tests: most mutants of the kernel are over by then.
 */
tryRandomMachines((written, seed) => {
  let what: string;
  try {
    what = disagreement(written, seed);
  } catch {
    what = 'the kernel breaks';
  }
  // At once: nobody wants it to be shrunk.
  if (what !== '') process.exit(1);
  return '';
}, FIRST_MACHINES);
