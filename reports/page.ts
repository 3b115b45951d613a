/**
 * The report's script: draws the charts of distributions, lets a reader choose, search, order and
 * zoom. Everything else stands in the HTML. Names are put in as text nodes or painted, never as
 * markup.
 */
import { hideScriptNotice } from './script-notice.js';
import './browser-language.js';
import type uPlot from 'uplot';
import type { PageData } from '../src/report/model.js';
import { readAppearance } from './appearance.js';
import { setUpChoice } from './choice.js';
import { formatDecimal, formatShare } from './format.js';
import { policyButtons } from './legend.js';
import { drawLines } from './line-chart.js';
import { setUpSources } from './source-list.js';
import { setUpTips, type TipLine } from './tip.js';

const SCHEMA: PageData['schema'] = 'dpcbench-report/2';
/** Charts on paper, in CSS pixels: the width of an A4 or letter page within its margins. */
const PAPER_WIDTH = 680;
const THEMES = ['system', 'dark', 'light'] as const;

type SectionData = PageData['sections'][number];
interface SectionState {
  shown: boolean[];
  chosen: () => number;
}

const root = document.documentElement;
const states = new Map<string, SectionState>();
const plots: uPlot[] = [];
let printing = false;
let drawnWidth = 0;

function start(): void {
  const data = JSON.parse(document.getElementById('data')!.textContent!) as PageData;
  if (data.schema !== SCHEMA) {
    throw new Error(`The report's data are ${data.schema}; its script reads ${SCHEMA}.`);
  }
  root.classList.add('scripted');
  const redraw = (): void => drawAll(data);
  for (const section of data.sections) setUpSection(section, redraw);
  setUpTheme(redraw);
  setUpPrint(redraw);
  setUpTips((figure, policy, processor) => readCell(data, figure, { policy, processor }));
  new ResizeObserver(() => {
    if (!printing && document.body.clientWidth !== drawnWidth) redraw();
  }).observe(document.body);
  redraw();
}

function setUpSection(section: SectionData, redraw: () => void): void {
  const shown = section.policies.map(() => true);
  const { chosen } = setUpChoice(section.id, () => {
    sources.reorder();
    redraw();
  });
  const sources = setUpSources(section, chosen);
  states.set(section.id, { shown, chosen });
  for (const figure of section.figures) {
    const host = document.getElementById(figure.id)!;
    const legend = host.querySelector<HTMLElement>('.legend')!;
    legend.hidden = false;
    legend.append(...policyButtons(section.policies, shown, redraw));
    const select = host.querySelector<HTMLSelectElement>('.latency');
    if (select === null) continue;
    select.closest<HTMLElement>('.controls')!.hidden = false;
    select.addEventListener('change', () => {
      figure.views.forEach(({ latency }, i) => {
        host.querySelector<HTMLElement>(`[data-view="${i}"]`)!.hidden = latency !== select.value;
      });
      redraw();
    });
  }
}

/** Draws every visible chart anew: a few milliseconds each, and nothing to keep in step. */
function drawAll(data: PageData): void {
  drawnWidth = document.body.clientWidth;
  const appearance = readAppearance();
  for (const plot of plots.splice(0)) plot.destroy();
  for (const { id, policies, figures } of data.sections) {
    const { shown, chosen } = states.get(id)!;
    for (const figure of figures) {
      figure.views.forEach(({ chart }, i) => {
        const view = document.querySelector<HTMLElement>(`#${figure.id} [data-view="${i}"]`)!;
        if (view.hidden) return;
        const host = view.querySelector<HTMLElement>('.chart')!;
        host.replaceChildren();
        const width = printing ? PAPER_WIDTH : Math.floor(host.clientWidth);
        const draw = { host, width, policies, shown, chosen: chosen(), appearance };
        const plot = drawLines(draw, chart);
        if (plot !== null) plots.push(plot);
      });
    }
  }
}

function readCell(
  data: PageData,
  figure: string,
  { policy, processor }: { policy: number; processor: number },
): TipLine[] | null {
  for (const { cells, policies } of data.sections) {
    const found = cells.find(({ id }) => id === figure);
    const value = found?.values[policy][processor];
    if (found === undefined || value === undefined) continue;
    const text = found.unit === 'share' ? formatShare(value) : formatDecimal(value);
    return [
      { policy: null, text: `CPU ${processor}` },
      { policy, text: `${policies[policy]} ${text}` },
    ];
  }
  return null;
}

function setUpTheme(redraw: () => void): void {
  const button = document.getElementById('theme') as HTMLButtonElement;
  button.hidden = false;
  let at = 0;
  button.addEventListener('click', () => {
    at = (at + 1) % THEMES.length;
    if (THEMES[at] === 'system') delete root.dataset.theme;
    else root.dataset.theme = THEMES[at];
    button.textContent = `Theme: ${THEMES[at]}`;
    redraw();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
}

/** On paper: light, and of a page's width. */
function setUpPrint(redraw: () => void): void {
  const turn = (isPaper: boolean): void => {
    if (printing === isPaper) return;
    printing = isPaper;
    root.classList.toggle('printing', isPaper);
    redraw();
  };
  addEventListener('beforeprint', () => turn(true));
  addEventListener('afterprint', () => turn(false));
  const paper = matchMedia('print');
  paper.addEventListener('change', () => turn(paper.matches));
  if (paper.matches) turn(true);
}

start();
hideScriptNotice();
