import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PLAY_SCHEMA, type PlayContent, type PlayKernel } from '../play/play-content.js';
import type { PlayState } from '../play/play-state.js';
import { type PlayAssets, renderPlay } from '../play/render-play.js';
import { renderTimeline } from '../play/render-timeline.js';
import { TIMELINE_SCHEMA, type TimelineContent } from '../play/timeline-content.js';
import { readTour } from '../play/read-tour.js';
import type { Tour } from '../play/tour.js';
import { selectPolicies } from '../policy/select-policies.js';
import { parseScenario } from '../scenario/parse.js';
import { CATALOG_NAMES, catalogDirectory, catalogFile } from './catalog.js';
import { sha256 } from './load-page.js';
import { loadScenario, readScenarioFile } from './load-scenario.js';
import { type KernelBuild, kernelBytes, shippedKernel } from './shipped-kernel.js';
import { packageVersion } from './version.js';

/** What `renderPlay` takes as the page's code, as the build left it in `dist`. */
function loadPlayAssets(): PlayAssets {
  const { resolve } = createRequire(import.meta.url);
  return {
    script: readFileSync(resolve('#play.js'), 'utf8'),
    worker: readFileSync(resolve('#play-worker.js'), 'utf8'),
    editor: readFileSync(resolve('#play-editor.js'), 'utf8'),
    style: readFileSync(resolve('#play.css'), 'utf8'),
    sha256,
  };
}

/**
 * The live page that opens with this state, as one HTML file.
 * Throws InputError or the file system's error when the package was not built.
 */
export function playPage(
  start: PlayState,
  assets = loadPlayAssets(),
  tours: readonly Tour[] = [],
): string {
  return renderPlay(playContent(start, tours), assets);
}

/**
 * A timeline as one HTML file.
 * Throws InputError or the file system's error when the package was not built.
 */
export function timelinePage(content: Omit<TimelineContent, 'schema'>): string {
  const { resolve } = createRequire(import.meta.url);
  const asset = (name: string): string => readFileSync(resolve(`#${name}`), 'utf8');
  const [script, style] = [asset('play-timeline.js'), asset('play.css')];
  return renderTimeline({ schema: TIMELINE_SCHEMA, ...content }, { script, style, sha256 });
}

/** The tours that ship, in the order of presentation. */
const TOUR_NAMES = [
  'an-isr-and-its-dpc',
  'requested-or-not',
  'four-deliveries',
  'a-queue-that-gets-deep',
  'an-ipi-sent-and-one-not',
  'vista-against-pre-vista',
  'how-a-dpc-helps-the-isr',
] as const;

export function shippedTours(): Tour[] {
  const folder = join(catalogDirectory(), 'tours');
  return TOUR_NAMES.map((name) => loadTour(join(folder, `${name}.yaml`)));
}

/**
 * A tour out of its file.
 *
 * @throws InputError with what is wrong with it, or with a scenario in it.
 */
export function loadTour(path: string): Tour {
  const tour = readTour(readScenarioFile(path), path);
  for (const [index, { policies, scenario, why }] of tour.steps.entries()) {
    if (scenario === null) continue;
    const file = `${path}, step ${index + 1}.yaml`;
    const found =
      'name' in scenario ? loadScenario(scenario.name) : parseScenario(scenario.text, file);
    if (policies !== null) selectPolicies(found, policies);
    if (why !== null) selectPolicies(found, [why]);
  }
  return tour;
}

function playContent(start: PlayState, tours: readonly Tour[]): PlayContent {
  return {
    schema: PLAY_SCHEMA,
    version: packageVersion(),
    kernels: { release: playKernel('release'), debug: playKernel('debug') },
    catalog: CATALOG_NAMES.map((name) => {
      const file = catalogFile(name);
      return file === null
        ? { name, file: `${name}.json`, text: null }
        : { name, file: `${name}.yaml`, text: readFileSync(file, 'utf8') };
    }),
    tours: [...shippedTours(), ...tours],
    start,
  };
}

function playKernel(build: KernelBuild): PlayKernel {
  const base64 = Buffer.from(kernelBytes(build)).toString('base64');
  return { hash: shippedKernel(build).identity.hash, base64 };
}
