import { type Arrow, isHalted, type Span } from '../timeline/spans.js';
import type { Timeline } from '../timeline/timeline.js';
import { lettersOn } from './activity-colours.js';
import { escapeHtml } from './html.js';
import { Marks } from './lane-marks.js';
import {
  activityOf,
  arrivesNs,
  arrowTitle,
  instantsOf,
  instantWords,
  irqlName,
  irqlsOf,
  isDrawn,
  shareOf,
  spanTitle,
  waitTitle,
} from './lanes.js';
import { across, label, line, roughWidth, shortened } from './svg.js';

export interface LanesOptions {
  /** For those who do not see it. */
  summary: string;
  /** The instant that the axis calls 0, in ns. */
  zeroNs: number;
  /** Processors, from the top down. */
  lanes: readonly number[];
  /** A wait to be marked: from the insert to the routine on a processor, in ns. */
  marked: { processor: number; fromNs: number; toNs: number };
  /** About so large it may be, in characters. */
  mostCharacters: number;
}

const ROW = 11;
/** Under a lane: room for the waits of its DPCs. */
const FOOT = 15;
const GAP = 10;
const TOP = 4;
/** On the narrowest page the words of so many instants stand side by side. */
const MOST_STEPS = 5;
/** A name shall fit its span on a page as narrow as this, in pixels. */
const NARROW = 270;
/** What a titled mark, a plain one and an arrow take, in characters. */
const TITLED = 150;
const PLAIN = 32;
const ARROW = 170;

/**
 * A window of the machine as a part of a page: a lane for each processor, as high as its IRQL, the
 * waits of its DPCs under it, arrows for IPIs and for DPCs to another processor. It fits any width.
 * Whatever the window holds, what is drawn is bounded: what is short is drawn as one.
 */
export function drawLanes(timeline: Timeline, options: LanesOptions): string {
  return new Lanes(timeline, options).draw();
}

class Lanes {
  private readonly irqls: readonly number[];
  private readonly height: number;

  constructor(
    private readonly timeline: Timeline,
    private readonly options: LanesOptions,
  ) {
    this.irqls = irqlsOf(timeline.spans, options.lanes);
    this.height = TOP + options.lanes.length * this.laneHeight;
  }

  draw(): string {
    const { lanes, mostCharacters, summary } = this.options;
    const marks = new Marks();
    for (const lane of lanes) this.collect(lane, marks);
    const titled = Math.floor(mostCharacters / (2 * TITLED));
    const plain = Math.floor(mostCharacters / (3 * PLAIN));
    const field = marks.draw(this.height, { titled, plain });
    return (
      `<div class="plot lanes"><svg role="img" height="${this.height + 20}" ` +
      `aria-label="${escapeHtml(summary)}">${this.axis()}${this.marked()}` +
      `${lanes.map((lane) => this.names(lane)).join('')}${field}` +
      `${lanes.map((lane) => this.labels(lane)).join('')}${this.arrows()}</svg></div>`
    );
  }

  private get laneHeight(): number {
    return this.irqls.length * ROW + FOOT + GAP;
  }

  private baseOf(lane: number): number {
    return TOP + (this.options.lanes.indexOf(lane) + 1) * this.laneHeight - FOOT;
  }

  /** 0 to 1. */
  private at(ns: number): number {
    return shareOf(ns, this.timeline.window);
  }

  private collect(lane: number, marks: Marks): void {
    const base = this.baseOf(lane);
    for (const span of this.timeline.spans) {
      if (span.processor !== lane || isHalted(span)) continue;
      const height = this.heightOf(span);
      marks.add({
        from: this.at(span.startNs),
        to: this.at(span.endNs),
        y: base - height,
        height,
        level: span.level,
        className: activityOf(span),
        title: spanTitle(span),
      });
    }
    let row = 0;
    for (const arrow of this.timeline.arrows) {
      if (arrow.kind !== 'dpc' || arrow.to !== lane) continue;
      row = (row + 1) % 3;
      const [from, to] = [this.at(arrow.fromNs), this.at(arrow.toNs)];
      const [y, title] = [base + 2 + 4 * row, waitTitle(arrow)];
      marks.add({ from, to, y, height: 2.5, level: -1, className: 'wait', title });
    }
  }

  private heightOf({ irql }: Span): number {
    return (this.irqls.indexOf(irql) + 1) * ROW;
  }

  private axis(): string {
    const { window } = this.timeline;
    const { zeroNs } = this.options;
    const instants = instantsOf(window, zeroNs, (window.toNs - window.fromNs) / MOST_STEPS);
    const words = instantWords(instants);
    return instants
      .map((ns, i) => {
        const at = this.at(zeroNs + ns);
        return (
          line([at, TOP], [at, this.height], 'g') +
          label(words[i], across(at), this.height + 15, { anchor: 'middle' })
        );
      })
      .join('');
  }

  private marked(): string {
    const { fromNs, processor, toNs } = this.options.marked;
    const height = this.irqls.length * ROW + 4;
    const [from, to] = [this.at(fromNs), this.at(toNs)];
    return (
      `<rect class="marked" x="${across(from)}" y="${this.baseOf(processor) - height + 4}" ` +
      `width="${across(to - from)}" height="${height}"/>`
    );
  }

  /** At the left of the lane. */
  private names(lane: number): string {
    const base = this.baseOf(lane);
    const { length } = this.irqls;
    const levels = this.irqls.map((irql, row) =>
      label(irqlName(irql), '-6', base - row * ROW - 2, {
        name: 'irql',
        anchor: 'end',
      }),
    );
    const name = label(`CPU ${lane}`, '-118', base - (length * ROW) / 2 + 4, { name: 'l' });
    return name + levels.join('') + line([0, base], [1, base], 'base');
  }

  /** Names of what is long enough for them. */
  private labels(lane: number): string {
    const base = this.baseOf(lane);
    return this.timeline.spans
      .filter((span) => span.processor === lane && span.label !== '' && !isHalted(span))
      .map((span) => {
        const [from, to] = [this.at(span.startNs), this.at(span.endNs)];
        const room = (to - from) * NARROW - 6;
        const text = shortened(span.label, room);
        if (room < roughWidth(text) || text.length < Math.min(4, span.label.length)) return '';
        const y = base - this.heightOf(span) + 9.5;
        const place = `x="${across(from)}" dx="3" y="${y}"`;
        return `<text class="${lettersOn(activityOf(span))}" ${place}>${escapeHtml(text)}</text>`;
      })
      .join('');
  }

  /** Those to the marked processor first. */
  private arrows(): string {
    const { lanes, marked, mostCharacters } = this.options;
    const drawn = this.timeline.arrows.filter(
      (arrow) => isDrawn(arrow) && lanes.includes(arrow.from) && lanes.includes(arrow.to),
    );
    const isFirst = ({ to }: Arrow): number => (to === marked.processor ? 0 : 1);
    return drawn
      .sort((a, b) => isFirst(a) - isFirst(b))
      .slice(0, Math.floor(mostCharacters / (6 * ARROW)))
      .map((arrow) => this.arrow(arrow))
      .join('');
  }

  private arrow(arrow: Arrow): string {
    const [fromY, toY] = [this.baseOf(arrow.from), this.baseOf(arrow.to)];
    const [y1, y2] =
      fromY < toY ? [fromY, toY - this.irqls.length * ROW] : [fromY - 2 * ROW, toY + 3];
    return (
      `<line class="arrow ${arrow.kind}" x1="${across(this.at(arrow.fromNs))}" y1="${y1}" ` +
      `x2="${across(this.at(arrivesNs(arrow)))}" y2="${y2}" marker-end="url(#tip)">` +
      `<title>${escapeHtml(arrowTitle(arrow))}</title></line>`
    );
  }
}
