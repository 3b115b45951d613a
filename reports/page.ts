/**
 * The report's script: draws the charts into the page that `src/report` has written and works its
 * controls. Text, tables and headings stand in the HTML, so a page without the script lacks only
 * the charts. Names are put in as text nodes or painted, never as markup.
 */
import { hideScriptNotice } from './script-notice.js';
import './browser-language.js';
import type uPlot from 'uplot';
import type { ChartModel, PageData } from '../src/report/model.js';
import { readAppearance } from './appearance.js';
import { drawColumns } from './column-chart.js';
import type { DrawContext } from './frame.js';
import { partLegend, policyButtons, policyLegend } from './legend.js';
import { drawLines } from './line-chart.js';
import { drawBars, drawRanges, drawStack } from './row-charts.js';

const SCHEMA: PageData['schema'] = 'dpcbench-report/1';
/** Charts on paper, in CSS pixels: the width of an A4 or letter page within its margins. */
const PAPER_WIDTH = 640;
const THEMES = ['system', 'dark', 'light'] as const;

const root = document.documentElement;
const shownBySection = new Map<string, boolean[]>();
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
  for (const section of data.sections) {
    const shown = section.policies.map(() => true);
    shownBySection.set(section.id, shown);
    const controls = document.querySelector<HTMLElement>(`#${section.id} .controls`)!;
    controls.hidden = false;
    controls.querySelector('.legend')!.append(...policyButtons(section.policies, shown, redraw));
    const select = controls.querySelector('select');
    select?.addEventListener('change', () => {
      selectLatency(section, select.value);
      redraw();
    });
  }
  setUpTheme(redraw);
  setUpPrint(redraw);
  new ResizeObserver(() => {
    if (!printing && document.body.clientWidth !== drawnWidth) redraw();
  }).observe(document.body);
  redraw();
}

/** Draws every visible chart anew: a few milliseconds each, and nothing to keep in step. */
function drawAll(data: PageData): void {
  drawnWidth = document.body.clientWidth;
  const appearance = readAppearance();
  for (const plot of plots.splice(0)) plot.destroy();
  for (const section of data.sections) {
    const shown = shownBySection.get(section.id)!;
    for (const figure of section.figures) {
      figure.views.forEach(({ chart }, i) => {
        const view = document.querySelector<HTMLElement>(`#${figure.id} [data-view="${i}"]`)!;
        if (view.hidden) return;
        const host = view.querySelector<HTMLElement>('.chart')!;
        host.replaceChildren();
        const width = printing ? PAPER_WIDTH : Math.floor(host.clientWidth);
        const draw = { host, width, policies: section.policies, shown, appearance };
        const plot = drawChart(draw, chart);
        if (plot !== null) plots.push(plot);
        const legend = legendOf(chart, section.policies, shown);
        if (legend !== null) host.append(legend);
      });
    }
  }
}

function drawChart(draw: DrawContext, chart: ChartModel): uPlot | null {
  switch (chart.kind) {
    case 'bars':
      return drawBars(draw, chart);
    case 'stack':
      return drawStack(draw, chart);
    case 'ranges':
      return drawRanges(draw, chart);
    case 'lines':
      return drawLines(draw, chart);
    case 'columns':
      return drawColumns(draw, chart);
  }
}

/** Bars and ranges name their policies themselves. */
function legendOf(chart: ChartModel, policies: string[], shown: boolean[]): HTMLElement | null {
  if (chart.kind === 'stack') return partLegend(chart.parts);
  return chart.kind === 'lines' || chart.kind === 'columns' ? policyLegend(policies, shown) : null;
}

function selectLatency(section: PageData['sections'][number], latency: string): void {
  for (const figure of section.figures) {
    figure.views.forEach((view, i) => {
      if (view.latency === null) return;
      const element = document.querySelector<HTMLElement>(`#${figure.id} [data-view="${i}"]`)!;
      element.hidden = view.latency !== latency;
    });
  }
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

/** On paper: light, of a page's width, and with every table open. */
function setUpPrint(redraw: () => void): void {
  let closed: HTMLDetailsElement[] = [];
  const begin = (): void => {
    if (printing) return;
    printing = true;
    root.classList.add('printing');
    closed = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
    for (const details of closed) details.open = true;
    redraw();
  };
  const end = (): void => {
    if (!printing) return;
    printing = false;
    root.classList.remove('printing');
    for (const details of closed.splice(0)) details.open = false;
    redraw();
  };
  addEventListener('beforeprint', begin);
  addEventListener('afterprint', end);
  const paper = matchMedia('print');
  paper.addEventListener('change', () => (paper.matches ? begin() : end()));
  if (paper.matches) begin();
}

start();
hideScriptNotice();
