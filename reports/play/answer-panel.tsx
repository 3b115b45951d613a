import type { JSX } from 'preact';
import { useSignal } from '@preact/signals';
import { besideUnits } from '../../src/report/rich-text.js';
import { formatCount, formatNs } from '../../src/units.js';
import { copyText, saveText } from './copy-text.js';
import type { AnswerFigures as Figures } from './messages.js';
import type { LiveMachine } from './live-machine.js';
import type { PlayStore } from './store.js';

/** The answer in a sentence, figures in pairs, and which command says the same. */
export function AnswerPanel({ store }: { store: PlayStore }): JSX.Element {
  const answer = store.answer.value;
  void store.glance.value;
  const figures = answer?.figures ?? liveFigures(store);
  return (
    <section class="answer" aria-label="The answer">
      <div class="sentence" aria-live={answer === null ? 'off' : 'polite'}>
        {answer === null ? (
          <p>{besideUnits(liveSentence(store, figures))}</p>
        ) : (
          answer.sentences.map((sentence) => <p key={sentence}>{besideUnits(sentence)}</p>)
        )}
      </div>
      <div class="tiles">
        <Tile
          title="IPIs for each 1,000 interrupts"
          figures={figures}
          of={(f) => rate(f.perThousand)}
        />
        <Tile title="p50 DPC latency" figures={figures} of={(f) => time(f.p50Ns)} />
        <Tile title="p99 DPC latency" figures={figures} of={(f) => time(f.p99Ns)} />
        <Tile title="longest DPC latency" figures={figures} of={(f) => time(f.maxNs)} />
        <Tile title="interrupts" figures={figures} of={(f) => formatCount(f.interrupts)} />
      </div>
      <SameAs store={store} />
    </section>
  );
}

function Tile({
  title,
  figures,
  of,
}: {
  title: string;
  figures: readonly Figures[];
  of: (figures: Figures) => string;
}): JSX.Element {
  return (
    <dl class="tile">
      <dt>{title}</dt>
      {figures.map((each, i) => (
        <dd key={each.policy} class={`p${i}`}>
          <bdi class="who">{each.policy}</bdi> <b>{of(each)}</b>
        </dd>
      ))}
    </dl>
  );
}

/** Known once the run is over: the line whose figures are these, to the last digit. */
function SameAs({ store }: { store: PlayStore }): JSX.Element {
  const said = useSignal('');
  const answer = store.answer.value;
  const isRefused = store.progress.value === 'refused';
  const line = store.commandLine.value;
  const written = store.written.value;
  const copy = async (): Promise<void> => {
    said.value = (await copyText(line)) ? 'Copied' : 'Select the line to copy it';
  };
  const saveResult = async (): Promise<void> => {
    saveText('result.json', await store.resultText(), 'application/json');
  };
  return (
    <p class="same-as">
      {!isRefused && (
        <>
          {answer === null ? 'When it is over, the same as ' : 'To the last digit the same as '}
          <code>{line}</code>{' '}
          <button type="button" onClick={() => void copy()}>
            Copy command
          </button>
        </>
      )}{' '}
      {!('name' in store.state.value.scenario) && (
        <button type="button" onClick={() => saveText(written.file, written.text, 'text/plain')}>
          Save {written.file}
        </button>
      )}{' '}
      {answer !== null && (
        <button type="button" onClick={() => void saveResult()}>
          Save result
        </button>
      )}{' '}
      <span role="status">{said.value}</span>
    </p>
  );
}

function liveFigures({ machines, state }: PlayStore): Figures[] {
  return machines.map(({ total }: LiveMachine, i) => ({
    policy: state.value.policies[i],
    interrupts: total?.arrivals ?? 0,
    perThousand:
      total === null || total.arrivals === 0 ? null : (1000 * total.ipis) / total.arrivals,
    p50Ns: total?.p50Ns ?? null,
    p99Ns: total?.p99Ns ?? null,
    maxNs: total === null || total.dpcs === 0 ? null : total.maxNs,
  }));
}

function liveSentence(store: PlayStore, [first, second]: readonly Figures[]): string {
  const plan = store.plan.value;
  if (store.progress.value === 'refused') {
    const before = plan === null ? '' : ' The figures are those of the run before.';
    return `The scenario cannot be run: see the problems.${before}`;
  }
  if (plan === null || first.perThousand === null || second.perThousand === null) {
    if (store.machines.some(({ total }) => total !== null)) return 'No interrupt is counted yet.';
    return plan === null || plan.warmupNs === 0
      ? 'The machines start.'
      : `The machines settle for ${formatNs(plan.warmupNs)} before anything is counted.`;
  }
  const sent = [first, second].map(({ policy, perThousand }) => `${policy} ${rate(perThousand)}`);
  const waits =
    first.p99Ns === null || second.p99Ns === null
      ? 'too few DPCs yet for a p99'
      : `p99 DPC latency ${time(first.p99Ns)} against ${time(second.p99Ns)}`;
  return `IPIs for each thousand interrupts so far: ${sent.join(', ')}; ${waits}.`;
}

function rate(perThousand: number | null): string {
  if (perThousand === null) return '-';
  return perThousand === 0 ? '0' : perThousand.toPrecision(3);
}

function time(ns: number | null): string {
  return ns === null ? '-' : formatNs(ns);
}
