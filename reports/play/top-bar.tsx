import type { JSX } from 'preact';
import { useSignal } from '@preact/signals';
import { MOST_INTERRUPTS, PLAY_VIEWS, type PlayView } from '../../src/play/play-state.js';
import { formatCount } from '../../src/units.js';
import { copyText } from './copy-text.js';
import { TourChoice } from './tour-panel.js';
import type { PlayStore } from './store.js';

/** What the whole page is about: scenario, seed, length, links. */
export function TopBar({ store }: { store: PlayStore }): JSX.Element {
  const { scenario, seed, view } = store.state.value;
  const name = 'name' in scenario ? scenario.name : '';
  return (
    <header class="top">
      <h1>dpcbench play</h1>
      <LinkButtons store={store} />
      <div class="controls">
        <label>
          Scenario{' '}
          <select
            value={name}
            onChange={({ currentTarget: { value } }) => void store.choose(value)}
          >
            {name === '' && <option value="">your own</option>}
            {store.content.catalog.map((each) => (
              <option key={each.name} value={each.name}>
                {each.name}
              </option>
            ))}
          </select>
        </label>
        <TourChoice store={store} />
        <label>
          Seed{' '}
          <input
            class="seed"
            type="number"
            min={0}
            max={Number.MAX_SAFE_INTEGER}
            value={seed}
            onChange={({ currentTarget: input }) => {
              // An empty field is no 0.
              const value = input.valueAsNumber;
              if (Number.isSafeInteger(value) && value >= 0) store.set({ seed: value });
              else input.value = String(seed);
            }}
          />
        </label>
        <LengthChoice store={store} />
        <label>
          Show{' '}
          <select
            value={view ?? ''}
            onChange={({ currentTarget: { value } }) =>
              store.look(value === '' ? null : (value as PlayView))
            }
          >
            <option value="">everything</option>
            {PLAY_VIEWS.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
      </div>
    </header>
  );
}

function LengthChoice({ store }: { store: PlayStore }): JSX.Element {
  const { interrupts } = store.state.value;
  return (
    <label>
      Length{' '}
      <select
        value={String(interrupts)}
        onChange={({ currentTarget: { value } }) =>
          store.set({ interrupts: value === 'null' ? null : Number(value) })
        }
      >
        {lengths(interrupts).map((length) => (
          <option key={length} value={String(length)}>
            {length === null ? 'as the scenario says' : `${formatCount(length)} interrupts`}
          </option>
        ))}
      </select>
    </label>
  );
}

function lengths(current: number | null): (number | null)[] {
  const usual = [null, 1e5, 1e6, 1e7, 1e8, 1e9].filter((n) => n === null || n <= MOST_INTERRUPTS);
  return usual.includes(current) ? usual : [...usual, current];
}

export function LinkButtons({ store }: { store: PlayStore }): JSX.Element {
  const said = useSignal('');
  const writeLink = async (): Promise<string> => {
    const fragment = await store.link();
    history.replaceState(null, '', `#${fragment}`);
    return location.href;
  };
  const copyLink = async (): Promise<void> => {
    const isCopied = await copyText(writeLink());
    said.value = isCopied ? 'Link copied' : 'The link stands in the address bar';
  };
  return (
    <span class="links">
      <button type="button" onClick={() => void copyLink()}>
        Copy link
      </button>
      <span role="status">{said.value}</span>
    </span>
  );
}
