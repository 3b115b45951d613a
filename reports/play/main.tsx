import { render } from 'preact';
import { PLAY_SCHEMA, type PlayContent } from '../../src/play/play-content.js';
import { App } from './app.js';
import { nextTask } from './next-task.js';
import { PlayStore } from './store.js';
import { startTour } from './tour-panel.js';

async function start(): Promise<void> {
  const text = (id: string): string => document.getElementById(id)!.textContent!;
  const content = JSON.parse(text('content')) as PlayContent;
  if (content.schema !== PLAY_SCHEMA) {
    throw new Error(`The page's content is ${content.schema}; its script reads ${PLAY_SCHEMA}.`);
  }
  await nextTask();
  const asked = new URLSearchParams(location.search);
  const store = new PlayStore(content, text('worker'), asked.get('embed'));
  const open = (): Promise<void> => store.open(location.hash.slice(1));
  addEventListener('hashchange', () => void open());
  await nextTask();
  const host = document.getElementById('play')!;
  host.replaceChildren();
  render(<App store={store} />, host);
  await open();
  const tour = asked.get('tour');
  if (tour !== null) startTour(store, tour);
}

void start();
