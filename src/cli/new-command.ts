import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { EXIT, inputError } from '../errors.js';
import { visibleLine } from '../visible-text.js';
import type { Console } from './console.js';

const DEFAULT_FILE = 'scenario.yaml';

/** `new`: a scenario to begin with, every line of it explained. */
export function addNewCommand(program: Command, console: Console): void {
  program
    .command('new')
    .summary('write a commented scenario to begin with')
    .description(
      'Writes a scenario whose comments say what each line means and what else may stand there. ' +
        'A file that is there is left as it is.',
    )
    .argument('[file]', 'the file, *.yaml; "-" prints it', DEFAULT_FILE)
    .action(async (file: string) => {
      if (file === '-') {
        console.out(TEMPLATE);
        return;
      }
      if (!/\.ya?ml$/i.test(file)) {
        throw inputError(`${file}: the scenario is YAML`, 'give a name that ends in .yaml');
      }
      await writeNew(file);
      console.out(`${visibleLine(file)}: try it: dpcbench run ${visibleLine(file)}\n`);
    });
}

/** Fails where a file is there, be it since a moment ago. */
async function writeNew(file: string): Promise<void> {
  try {
    await writeFile(file, TEMPLATE, { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'EEXIST' ? 'it is there already' : `it cannot be written (${code})`;
    const hint = code === 'EEXIST' ? 'give another name' : '';
    throw inputError(`${file}: ${reason}, nothing is written`, hint, EXIT.files);
  }
}

const TEMPLATE = `# A scenario of dpcbench. All keys: docs/scenarios.md.
# An editor completes and checks them after: dpcbench schema > scenario.schema.json
# yaml-language-server: $schema=./scenario.schema.json
name: my-scenario
question: Does the audio DPC wait longer behind the network when the Vista rules decide?

machine:
  processors: 4
  # Threads on every processor: how long they run, then how long it idles. Left out: none run.
  background:
    busy: { exponential: 300us }
    idle: { exponential: 700us }

sources:
  # A device: each arrival is an interrupt, whose ISR queues a DPC.
  - name: nic
    irql: 6 # 3 to 12; a higher one interrupts a lower one
    processor: [0, 1] # interrupts go round; a single number is one processor
    isr: 2us # or a distribution: { exponential: 2us }, { lognormal: { mean: 2us, p99: 9us } }
    arrivals: { poisson: 20k/s } # or { periodic: { period: 1ms } }, { at: [10us] }, bursts
    dpc:
      importance: medium # low, medium, mediumHigh, high
      target: current # the ISR's processor; or a number: another processor, perhaps by an IPI
      service: { lognormal: { mean: 8us, p99: 40us } }

  - name: audio
    irql: 5
    processor: 2
    isr: 1us
    arrivals: { periodic: { period: 1ms } }
    dpc:
      importance: high
      target: 0 # a processor that is busy with the network
      service: 15us

# The rules that are compared; dpcbench policies lists all that ship. The first is the measure.
policies: [pre-vista, vista]

# When a run ends; -t and -n on the command line say otherwise.
until: { time: 20s }
`;
