import type { JSX } from 'preact';
import { useSignal } from '@preact/signals';
import { formatProblem } from '../../src/errors.js';
import { type Knob, knobWords, positionOf, valueAt } from '../../src/play/knobs.js';
import { formatCount } from '../../src/units.js';
import { RulesTable } from './rules-table.js';
import { ScenarioEditor } from './scenario-editor.js';
import type { PlayStore } from './store.js';

/** So many groups show their sliders from the beginning. */
const OPEN_GROUPS = 2;

/** What is simulated: the question, policies, sliders, and the text itself. */
export function ScenarioPanel({ store }: { store: PlayStore }): JSX.Element {
  const description = store.description.value;
  const isOpen = useSignal(false);
  return (
    <section class="scenario" aria-label="What is simulated">
      <p class="question">{description?.question ?? ''}</p>
      <fieldset>
        <legend>Policies</legend>
        {([0, 1] as const).map((index) => (
          <label key={index} class={`p${index}`}>
            {index === 0 ? 'first' : 'second'}{' '}
            <select
              value={store.state.value.policies[index]}
              onChange={({ currentTarget: { value } }) => store.setPolicy(index, value)}
            >
              {(description?.policies ?? store.state.value.policies).map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        ))}
      </fieldset>
      <Problems store={store} />
      <RulesTable store={store} />
      <details open={isOpen.value} onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
        <summary>Edit the text ({store.written.value.file})</summary>
        {isOpen.value && <ScenarioEditor store={store} />}
      </details>
      <Knobs store={store} knobs={description?.knobs ?? []} />
    </section>
  );
}

function Problems({ store: { problems } }: { store: PlayStore }): JSX.Element | null {
  if (problems.value.length === 0) return null;
  return (
    <div class="problems" role="alert">
      {problems.value.map((problem) => (
        <p key={formatProblem(problem)}>{formatProblem(problem)}</p>
      ))}
    </div>
  );
}

function Knobs({ store, knobs }: { store: PlayStore; knobs: readonly Knob[] }): JSX.Element {
  const groups = [...new Set(knobs.map(({ group }) => group))];
  const left = store.description.value?.sourcesLeft ?? 0;
  return (
    <div class="knobs">
      {groups.map((group, i) => (
        <KnobGroup
          key={group}
          store={store}
          group={group}
          knobs={knobs.filter((knob) => knob.group === group)}
          isOpenFirst={i < OPEN_GROUPS}
        />
      ))}
      {left > 0 && (
        <p class="note">
          {formatCount(left)} more sources have no sliders: their values stand in the text.
        </p>
      )}
    </div>
  );
}

interface GroupProps {
  store: PlayStore;
  group: string;
  knobs: readonly Knob[];
  isOpenFirst: boolean;
}

/** What is closed is not there: lists of targets alone would be thousands of elements. */
function KnobGroup({ group, isOpenFirst, knobs, store }: GroupProps): JSX.Element {
  const isOpen = useSignal(isOpenFirst);
  return (
    <details
      class="group"
      aria-label={group}
      open={isOpen.value}
      onToggle={(event) => (isOpen.value = event.currentTarget.open)}
    >
      <summary>
        <bdi>{group}</bdi>
      </summary>
      {isOpen.value && knobs.map((knob) => <KnobControl key={knob.id} store={store} knob={knob} />)}
    </details>
  );
}

type RangeKnob = Knob & { kind: 'range' };

function KnobControl({ store, knob }: { store: PlayStore; knob: Knob }): JSX.Element {
  /** Where a hand has it, on the scale that it took it by. */
  const moved = useSignal<{ value: number; scale: RangeKnob } | null>(null);
  if (knob.kind === 'choice') {
    return (
      <label>
        {knob.label}{' '}
        <select
          value={knob.value}
          onChange={({ currentTarget: { value } }) => void store.edits.turn(knob, value)}
        >
          {knob.choices.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
    );
  }
  const { value: seen, scale } = moved.value ?? { value: knob.value, scale: knob };
  const words = moved.value === null ? knob.words : knobWords(knob.unit, seen);
  const move = (place: string, isLetGo: boolean): void => {
    const at = { value: valueAt(scale, Number(place)), scale };
    moved.value = at;
    void store.edits.move(knob, at.value, isLetGo).then(() => {
      if (isLetGo && moved.value === at) moved.value = null;
    });
  };
  return (
    <label class="range">
      <span>
        {knob.label} <b aria-hidden="true">{words}</b>
      </span>
      <input
        type="range"
        min={0}
        max={1000}
        value={positionOf(scale, seen)}
        aria-valuetext={words}
        onInput={({ currentTarget: { value } }) => move(value, false)}
        onChange={({ currentTarget: { value } }) => move(value, true)}
      />
    </label>
  );
}
