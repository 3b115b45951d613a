import type { JSX } from 'preact';
import { AnswerPanel } from './answer-panel.js';
import { IpisChart, WaitsChart } from './charts.js';
import { DecisionTable } from './decision-table.js';
import { PaceBar } from './pace-bar.js';
import { ProcessorRows } from './processor-rows.js';
import { ScenarioPanel } from './scenario-panel.js';
import type { PlayStore } from './store.js';
import { SlowMotionPanel } from './slow-motion-panel.js';
import { LinkButtons, TopBar } from './top-bar.js';
import { TourPanel } from './tour-panel.js';
import { WhyPanel } from './why-panel.js';

/** The page: controls at the left, the answer and the charts at the right, the pace below. */
export function App({ store }: { store: PlayStore }): JSX.Element {
  const { view } = store.state.value;
  if (view !== null) {
    return (
      <main class="alone" id="main">
        {store.embed === null && (
          <div class="alone-links">
            <button type="button" onClick={() => store.look(null)}>
              Show everything
            </button>
            <LinkButtons store={store} />
          </div>
        )}
        <Notice store={store} />
        {view === 'ipis' && <IpisChart store={store} />}
        {view === 'waits' && <WaitsChart store={store} />}
        {view === 'processors' && <ProcessorRows store={store} />}
        {view === 'decisions' && <DecisionTable store={store} />}
        {view === 'why' && <WhyPanel store={store} />}
        {view === 'slow-motion' && <SlowMotionPanel store={store} />}
        <PaceBar store={store} />
      </main>
    );
  }
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the figures
      </a>
      <TourPanel store={store} />
      <TopBar store={store} />
      <Notice store={store} />
      <div class="columns">
        <ScenarioPanel store={store} />
        <main id="main" tabIndex={-1}>
          <AnswerPanel store={store} />
          <SlowMotionPanel store={store} />
          <div class="charts">
            <IpisChart store={store} />
            <WaitsChart store={store} />
          </div>
          <DecisionTable store={store} />
          <WhyPanel store={store} />
          <ProcessorRows store={store} />
        </main>
      </div>
      <PaceBar store={store} />
    </>
  );
}

/** The fragment is the page's state: a link within the page must not replace it. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')!.focus();
}

function Notice({ store: { notice } }: { store: PlayStore }): JSX.Element | null {
  if (notice.value === '') return null;
  return (
    <p class="notice" role="alert">
      {notice.value}{' '}
      <button type="button" onClick={() => (notice.value = '')}>
        Close
      </button>
    </p>
  );
}
