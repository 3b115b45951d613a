import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { type Signal, useSignal } from '@preact/signals';

/** Up to so many processors stand in a list; a number of more is written. */
const MOST_LISTED = 64;

interface FieldProps {
  label: string;
  /** How many processors there are. */
  count: number;
  chosen: Signal<number>;
}

/** One of a machine's processors: a list, or a number where a list would be too long. */
export function ProcessorField(props: FieldProps): JSX.Element {
  return props.count > MOST_LISTED ? (
    <WrittenProcessor {...props} />
  ) : (
    <ListedProcessor {...props} />
  );
}

function WrittenProcessor({ chosen, count, label }: FieldProps): JSX.Element {
  /** What is being written, which nothing that is drawn anew may take away. */
  const draft = useSignal<string | null>(null);
  return (
    <label>
      {label} (0 to {count - 1}){' '}
      <input
        class="cpu"
        type="number"
        min={0}
        max={count - 1}
        value={draft.value ?? chosen.value}
        onInput={({ currentTarget: { value } }) => (draft.value = value)}
        onChange={({ currentTarget: { valueAsNumber: cpu } }) => {
          draft.value = null;
          if (Number.isInteger(cpu) && cpu >= 0 && cpu < count) chosen.value = cpu;
        }}
      />
    </label>
  );
}

function ListedProcessor({ chosen, count, label }: FieldProps): JSX.Element {
  // What stands around it may be drawn at every frame.
  const choices = useMemo(
    () => Array.from({ length: count }, (_, cpu) => <option key={cpu}>{cpu}</option>),
    [count],
  );
  return (
    <label>
      {label}{' '}
      <select
        value={String(chosen.value)}
        onChange={({ currentTarget: { value } }) => (chosen.value = Number(value))}
      >
        {choices}
      </select>
    </label>
  );
}
