import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { InputError, inputError } from '../../src/errors.js';
import type { CompiledKernel } from '../../src/kernel/compiled-kernel.js';
import { withDecision } from '../../src/play/edited-rules.js';
import { knobsOf, MOST_SOURCES } from '../../src/play/knobs.js';
import { WrittenText } from '../../src/play/written-text.js';
import { PRESET_NAMES } from '../../src/policy/presets.js';
import { selectPolicies } from '../../src/policy/select-policies.js';
import type { ResultDocument } from '../../src/result/document.js';
import { decisionsOf } from '../../src/result/decisions.js';
import { expectedInterrupts, expectedTimeNs } from '../../src/run/expected-interrupts.js';
import { simulateRun } from '../../src/run/simulate-run.js';
import type { Execute } from '../../src/run/tasks.js';
import { parseScenario } from '../../src/scenario/parse.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { explain, explainDecisions } from '../../src/stats/explain.js';
import { verdict } from '../../src/stats/verdict.js';
import type {
  Answer,
  AnswerFigures,
  Description,
  FromDirector,
  MachineAnswer,
  MachineOrder,
  RunRequest,
  ToDirector,
} from './messages.js';

/** What the director stands on: kernels, and a machine for each policy. */
export interface DirectorGround {
  kernel: CompiledKernel;
  debugKernel: () => CompiledKernel;
  version: string;
  machines: MessagePort[];
  tell: (message: FromDirector) => void;
}

class Replaced extends Error {}

/**
 * Reads scenarios, plans runs, hands their shards to the machines and says what came out, so that
 * the page's own thread has nothing to do but to show it.
 */
export class Director {
  private run = 0;
  private orders = 0;
  private scenario: Scenario | null = null;
  private document: ResultDocument | null = null;

  constructor(private readonly ground: DirectorGround) {}

  hear(message: ToDirector): void {
    switch (message.kind) {
      case 'describe':
        return this.reply(message.id, () => ({
          kind: 'description',
          id: message.id,
          description: describe(message.file, message.text),
        }));
      case 'edit':
        return this.reply(message.id, () => {
          const { file, text, path, value } = message;
          const edited = new WrittenText(file, text).with(path, value);
          return { kind: 'edited', id: message.id, text: edited };
        });
      case 'decide':
        return this.reply(message.id, () => {
          const { decision, file, text } = message;
          return { kind: 'decided', id: message.id, redecided: withDecision(file, text, decision) };
        });
      case 'explain':
        return this.reply(message.id, () => {
          const policies = this.scenario?.policies ?? [];
          const counted = message.totals.map(({ census }, i) => ({
            policy: policies[i],
            decisions: decisionsOf(census, policies[i]),
          }));
          const { situations } = explainDecisions(counted);
          return { kind: 'explained', id: message.id, situations };
        });
      case 'result':
        return this.reply(message.id, () => {
          const text = `${JSON.stringify(this.document, null, 2)}\n`;
          return { kind: 'result', id: message.id, text };
        });
      case 'stop':
        return this.stop();
      case 'run':
        this.stop();
        this.run = message.run;
        void this.simulate(message.run, message.request);
    }
  }

  private stop(): void {
    this.run = 0;
    for (const port of this.ground.machines) port.postMessage({ kind: 'stop' });
  }

  private reply(id: number, answer: () => FromDirector): void {
    const { tell } = this.ground;
    try {
      tell(answer());
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      tell({ kind: 'problems', id, problems: error.problems });
    }
  }

  private async simulate(run: number, request: RunRequest): Promise<void> {
    const { debugKernel, kernel, tell, version } = this.ground;
    try {
      const scenario = requested(request);
      this.scenario = scenario;
      const document = await simulateRun(
        scenario,
        { seed: request.seed, workers: this.ground.machines.length },
        {
          kernel,
          debugKernel,
          version,
          sha256: (parts) => {
            const hash = sha256.create();
            for (const part of parts) hash.update(part);
            return bytesToHex(hash.digest());
          },
        },
        this.executor(run),
      );
      const { situations } = explain(document);
      const figures = document.results.map(figuresOf);
      const answer: Answer = { figures, sentences: verdict(document), situations };
      if (run !== this.run) return;
      this.document = document;
      tell({ kind: 'document', run, answer });
    } catch (error) {
      if (error instanceof Replaced || run !== this.run) return;
      if (error instanceof InputError) tell({ kind: 'refused', run, problems: error.problems });
      else tell({ kind: 'failure', message: String(error) });
    }
  }

  /** Each policy's shards go to a machine of their own. */
  private executor(run: number): Execute {
    const { machines, tell } = this.ground;
    return async (scenario, shards, onSum) => {
      if (run !== this.run) throw new Replaced();
      const [{ warmupNs }] = shards;
      tell({
        kind: 'plan',
        run,
        plan: {
          shards: shards.length / scenario.policies.length,
          warmupNs,
          processors: scenario.machine.processors,
          policies: scenario.policies.map(({ name }) => name),
          expectedNs: lengthOf(scenario),
          expectedInterrupts: expectedInterrupts(scenario),
        },
      });
      const order = ++this.orders;
      await Promise.all(
        scenario.policies.map(async (_, index) => {
          const own = shards.filter(({ policyIndex }) => policyIndex === index);
          const message: MachineOrder = { kind: 'run', run, order, scenario, shards: own };
          onSum(await sumOf(machines[index], message));
        }),
      );
      if (run !== this.run) throw new Replaced();
    };
  }
}

function sumOf(
  port: MessagePort,
  order: MachineOrder & { kind: 'run' },
): Promise<(MachineAnswer & { kind: 'sum' })['sum']> {
  return new Promise((resolve, reject) => {
    port.onmessage = ({ data }: MessageEvent<MachineAnswer>) => {
      if (data.run !== order.run) return;
      if (data.kind === 'sum') resolve(data.sum);
      else if (data.kind === 'problems') reject(new InputError(data.problems));
      else reject(new Error(data.message));
    };
    port.postMessage(order);
  });
}

function describe(file: string, text: string): Description {
  const scenario = read(text, file);
  const own = scenario.policies.map(({ name }) => name);
  const policies = [...new Set([...own, ...PRESET_NAMES])];
  const hasKnobs = !file.endsWith('.toml');
  return {
    name: scenario.name,
    question: scenario.question,
    processors: scenario.machine.processors,
    policies,
    compared: own,
    knobs: hasKnobs ? knobsOf(scenario, new WrittenText(file, text)) : [],
    sourcesLeft: hasKnobs ? Math.max(0, scenario.sources.length - MOST_SOURCES) : 0,
    rules: selectPolicies(scenario, policies).map(({ current, name, other }) => {
      return { name, current, other };
    }),
  };
}

function figuresOf({
  policy,
  counters,
  latency,
}: ResultDocument['results'][number]): AnswerFigures {
  const { p50Ns, p99Ns, maxNs } = latency.dpcWait;
  const { arrivals, ipis } = counters;
  const perThousand = arrivals === 0 ? null : (1000 * ipis) / arrivals;
  return { policy, interrupts: arrivals, perThousand, p50Ns, p99Ns, maxNs };
}

/** About how long a policy is simulated; lists of arrivals that end before say when. */
function lengthOf(scenario: Scenario): number {
  const lastNs = scenario.sources.flatMap((source) => {
    return source.kind === 'device' && source.arrivals.kind === 'at'
      ? (source.arrivals.atNs.at(-1) ?? [])
      : [];
  });
  const expectedNs = expectedTimeNs(scenario);
  return Number.isFinite(expectedNs) ? expectedNs : Math.max(1, ...lastNs);
}

function read(text: string, file: string): Scenario {
  return parseScenario(text, file, {
    resolveRecording: () => {
      throw inputError(
        'the page has no disk to read a recording from',
        'run the scenario with `dpcbench run`, whose --report is a page',
      );
    },
  });
}

/** The scenario as the command line would run it with these options. */
function requested({ file, text, policies, interrupts }: RunRequest): Scenario {
  const scenario = read(text, file);
  return {
    ...scenario,
    policies: selectPolicies(scenario, policies),
    until: interrupts === null ? scenario.until : { timeNs: null, interrupts },
  };
}
