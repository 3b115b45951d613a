import type { Interval, ResultDocument } from '../result/document.js';
import { formatNs } from '../units.js';
import { threeDigits } from './format.js';
import { escapeHtml } from './html.js';
import { rangeText } from './interval-text.js';
import type { FrontDot, FrontModel } from './model.js';
import { linearScale, LOG_FROM, logScale, type Scale } from './scale.js';
import { across, label, line, marker, roughWidth, shortened } from './svg.js';

const PERCENTILES = [
  ['p99', 'p99Ns'],
  ['p90', 'p90Ns'],
  ['p50', 'p50Ns'],
] as const;

const HEIGHT = 270;
const TOP = 14;
/** A plot on the narrowest screen, in pixels: labels that do not meet there meet nowhere. */
const NARROW = 270;
const LINE = 16;
const LONGEST_LABEL = 130;

/** What each policy costs and what it gives; the highest percentile that all of them have. */
export function frontOf({ results }: ResultDocument): FrontModel | null {
  const isAlone = results.length === 1;
  if (isAlone || results.some(({ counters }) => counters.arrivals === 0)) return null;
  const found = PERCENTILES.find(([, key]) =>
    results.every(({ latency }) => latency.dpcWait.count > 0 && latency.dpcWait[key] !== null),
  );
  if (found === undefined) return null;
  const [percentile, key] = found;
  const dots = results.map(({ counters, latency, intervals }): FrontDot => ({
    ipis: (counters.ipis / counters.arrivals) * 1000,
    ipisInterval: intervals?.perThousand.ipis ?? null,
    waitNs: latency.dpcWait[key]!,
    waitInterval: intervals?.latency.dpcWait[key] ?? null,
  }));
  return { percentile, dots };
}

/** The picture as SVG. Across: IPIs, from 0. Up: the wait, from 0 or logarithmic. */
export function renderFront({ percentile, dots }: FrontModel, policies: readonly string[]): string {
  const xs = dots.flatMap(({ ipis, ipisInterval }) => [ipis, ipisInterval?.high ?? 0]);
  const ys = dots.flatMap(({ waitNs, waitInterval }) => [waitNs, waitInterval?.high ?? waitNs]);
  const waits = dots.map(({ waitNs }) => waitNs);
  const isLog = Math.max(...waits) > LOG_FROM * Math.max(1, Math.min(...waits));
  const x = linearScale(xs, 4);
  const y = isLog ? logScale(ys) : linearScale(ys);
  const toY = (ns: number): number => HEIGHT - y.at(ns) * (HEIGHT - TOP);
  const grid = [
    ...x.ticks.map(
      (tick) =>
        line([x.at(tick), TOP], [x.at(tick), HEIGHT], 'g') +
        label(threeDigits(tick), across(x.at(tick)), HEIGHT + 18, { anchor: 'middle' }),
    ),
    ...y.ticks.map(
      (tick) =>
        line([0, toY(tick)], [1, toY(tick)], 'g') +
        label(tick === 0 ? '0' : formatNs(tick), '-8', toY(tick) + 4, { anchor: 'end' }),
    ),
  ];
  const places = dots.map(({ ipis, waitNs }) => ({ x: x.at(ipis), y: toY(waitNs) }));
  const front = frontier(dots);
  const steps = front
    .slice(1)
    .map((policy, i) => line(pair(places[front[i]]), pair(places[policy]), 'front'));
  const labels = placeLabels(places, policies);
  const marks = dots
    .map((dot, policy) =>
      renderDot(dot, policy, { place: places[policy], x, toY, name: policies[policy] }),
    )
    // What stands first is read first and drawn on top.
    .reverse();
  const summary = dots
    .map((dot, i) => `${policies[i]}: ${threeDigits(dot.ipis)}, ${formatNs(dot.waitNs)}`)
    .join('; ');
  return `<div class="plot front-plot"><svg role="img" height="${HEIGHT + 44}" aria-label="IPIs
per 1,000 interrupts
against ${percentile} DPC latency, a mark for each rule set.
${escapeHtml(summary)}.">${grid.join('')}${steps.join('')}${marks.join('')}${labels}
${label('IPIs per 1,000 interrupts', '50%', HEIGHT + 38, { anchor: 'middle' })}</svg></div>`;
}

function pair({ x, y }: { x: number; y: number }): [number, number] {
  return [x, y];
}

function renderDot(
  { ipis, ipisInterval, waitNs, waitInterval }: FrontDot,
  policy: number,
  {
    place,
    x,
    toY,
    name,
  }: { place: { x: number; y: number }; x: Scale; toY: (ns: number) => number; name: string },
): string {
  const bars =
    (ipisInterval === null
      ? ''
      : line(
          [x.at(ipisInterval.low), place.y],
          [x.at(ipisInterval.high), place.y],
          `e p p${policy}`,
        )) +
    (waitInterval === null
      ? ''
      : line(
          [place.x, toY(waitInterval.low)],
          [place.x, toY(waitInterval.high)],
          `e p p${policy}`,
        ));
  const tip = [
    `#${policy} ${name}`,
    `${threeDigits(ipis)} IPIs per 1,000${within(ipisInterval, 'rate')}`,
    `${formatNs(waitNs)}${within(waitInterval, 'ns')}`,
  ].join('\n');
  return `<g data-tip="${escapeHtml(tip)}">${bars}${marker(policy, place.x, place.y)}</g>`;
}

function within(interval: Interval | null, unit: 'rate' | 'ns'): string {
  return interval === null ? '' : ` (${rangeText(interval, unit)})`;
}

/** The policies that no other one beats at both, from the fewest IPIs to the most. */
function frontier(dots: readonly FrontDot[]): number[] {
  const beats = (a: FrontDot, b: FrontDot): boolean =>
    a.ipis <= b.ipis && a.waitNs <= b.waitNs && (a.ipis < b.ipis || a.waitNs < b.waitNs);
  return dots
    .map((_, i) => i)
    .filter((i) => !dots.some((dot) => beats(dot, dots[i])))
    .sort((a, b) => dots[a].ipis - dots[b].ipis);
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A name beside each mark, wherever it meets no other one; the list below names all of them. */
function placeLabels(
  places: readonly { x: number; y: number }[],
  policies: readonly string[],
): string {
  const taken: Box[] = places.map(({ x, y }) => box(x * NARROW - 7, y - 7, 14, 14));
  return places
    .map(({ x, y }, policy) => {
      const name = shortened(policies[policy], LONGEST_LABEL);
      const width = roughWidth(name);
      const [px, right, left] = [x * NARROW, 11, -11 - width];
      const spots = [
        { dx: right, dy: -9, anchor: 'start' as const, left: px + right },
        { dx: right, dy: 17, anchor: 'start' as const, left: px + right },
        { dx: -11, dy: -9, anchor: 'end' as const, left: px + left },
        { dx: -11, dy: 17, anchor: 'end' as const, left: px + left },
        { dx: right, dy: -26, anchor: 'start' as const, left: px + right },
        { dx: right, dy: 34, anchor: 'start' as const, left: px + right },
        { dx: -11, dy: -26, anchor: 'end' as const, left: px + left },
        { dx: -11, dy: 34, anchor: 'end' as const, left: px + left },
      ];
      const spot = spots.find((each) => {
        const at = box(each.left, y + each.dy - LINE + 4, width, LINE);
        if (at.left < 0 || at.right > NARROW + 24 || at.top < -4 || at.bottom > HEIGHT)
          return false;
        return !taken.some((other) => meet(at, other));
      });
      if (spot === undefined) return '';
      taken.push(box(spot.left, y + spot.dy - LINE + 4, width, LINE));
      const anchor = spot.anchor === 'end' ? ' text-anchor="end"' : '';
      return (
        `<text class="l p p${policy}" x="${across(x)}" y="${y.toFixed(1)}" dx="${spot.dx}" ` +
        `dy="${spot.dy}"${anchor}>${escapeHtml(`\u2068${name}\u2069`)}</text>`
      );
    })
    .join('');
}

function box(left: number, top: number, width: number, height: number): Box {
  return { left, right: left + width, top, bottom: top + height };
}

function meet(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
