import { busyProcessors, MOST_LANES } from '../timeline/narrowed-timeline.js';
import { type Arrow, isHalted, type Span } from '../timeline/spans.js';
import type { Timeline, Window } from '../timeline/timeline.js';
import { type Activity, ACTIVITY_WORDS, lettersOn } from './activity-colours.js';
import { escapeHtml } from './html.js';
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
import { foldWords } from './svg.js';
import { TIMELINE_STYLE } from './timeline-style.js';

/** What stands around the lanes. */
export interface DrawOptions {
  title: string;
  /** Sentences under the title. */
  notes: readonly string[];
  /** The instant that the axis calls 0, in ns. */
  zeroNs: number;
  /** Processors to draw, from the top down; left out: all that do something, the first 16. */
  lanes?: readonly number[];
  /** A wait to be marked: from the insert to the routine on a processor, in ns. */
  marked?: { processor: number; fromNs: number; toNs: number; label: string };
  /** The part that is drawn; left out: all of it. */
  window?: Window;
  /** Width in CSS pixels; left out: 1100. */
  widthPx?: number;
}

const GUTTER = 124;
const RIGHT = 14;
const LINE = 18;
const ROW = 13;
/** Under a lane: room for the waits of its DPCs. */
const FOOT = 16;
const MOST_ARROWS = 150;
/** Half the width of an instant's name, in pixels. */
const HALF_AN_INSTANT = 28;
/** About as wide as a character of a note, in pixels. */
const NOTE_CHARACTER = 6.6;
/** Marks closer than this, in pixels, are one. */
const GRAIN = 0.5;

/**
 * A window of the machine as one SVG that needs nothing else: a lane for each processor, as high as
 * its IRQL, what waits under it, and an arrow for each IPI and each DPC that goes to another
 * processor. Names are escaped. It has its own colours for light and dark.
 */
export function drawTimeline(timeline: Timeline, options: DrawOptions): string {
  const { title, widthPx = 1100 } = options;
  const notes = options.notes.flatMap((note) => foldWords(note, (widthPx - 16) / NOTE_CHARACTER));
  const picture = new Picture(timeline, options, widthPx);
  const head = 34 + notes.length * LINE + LINE;
  const body = picture.draw(head + 12);
  const height = picture.bottom + (picture.omitted === 0 ? 24 : 40);
  const text = (y: number, className: string, said: string): string =>
    `<text x="8" y="${y}" class="${className}">${escapeHtml(said)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${widthPx} ${height}" ` +
      `width="${widthPx}" height="${height}" class="timeline" role="img" ` +
      `aria-label="${escapeHtml(title)}">`,
    `<style>${TIMELINE_STYLE}</style>`,
    ARROW_TIP,
    `<rect class="tl-paper" width="${widthPx}" height="${height}"/>`,
    text(24, 'tl-title', title),
    ...notes.map((note, i) => text(24 + LINE * (i + 1), 'tl-note', note)),
    legend(head - 4),
    ...body,
    picture.omitted === 0
      ? ''
      : text(height - 4, 'tl-note', `Not drawn: ${picture.omitted} more processors.`),
    '</svg>',
    '',
  ].join('\n');
}

/** What arrows end in; once in an SVG. */
export const ARROW_TIP =
  '<defs><marker id="tl-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" ' +
  'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" class="tl-tip"/></marker></defs>';

function legend(y: number): string {
  let x = 8;
  const parts = ACTIVITY_WORDS.map(([activity, words]) => {
    const part =
      `<rect x="${x}" y="${y - 9}" width="11" height="11" class="tl-${activity}"/>` +
      `<text x="${x + 15}" y="${y}" class="tl-note">${words}</text>`;
    x += 28 + words.length * 6.6;
    return part;
  });
  return parts.join('');
}

/** A part of a timeline for a page that moves it, without title, legend and style. */
export interface TimelineStrip {
  /** The names of the lanes, of the page's own width. */
  names: string;
  /** Lanes and axis; x 0 is where the part begins. */
  body: string;
  heightPx: number;
  namesPx: number;
  /** What stands at a height: null outside of the lanes. */
  laneAt(yPx: number): LanePlace | null;
}

/** A height within a lane. */
export interface LanePlace {
  processor: number;
  /** What reaches up to it has an IRQL of at least this; null under the lane, where DPCs wait. */
  irql: number | null;
}

/** What of a timeline a strip holds. */
export interface StripOptions extends Pick<DrawOptions, 'zeroNs' | 'marked'> {
  window: Window;
  widthPx: number;
  lanes: readonly number[];
}

/** What lies in a window, `widthPx` wide. */
export function drawTimelineStrip(timeline: Timeline, options: StripOptions): TimelineStrip {
  const picture = new Picture(timeline, { title: '', notes: [], ...options }, options.widthPx, 0);
  const body = picture.draw(12).join('');
  const names = picture.names().join('');
  const laneAt = (yPx: number): LanePlace | null => picture.placeAt(yPx);
  return { names, body, heightPx: picture.bottom + 24, namesPx: GUTTER, laneAt };
}

/** Where a span is drawn, in pixels; its foot is that of its lane. */
interface SpanPlace {
  activity: Activity;
  x: number;
  width: number;
  height: number;
}

/** Lanes, axis and arrows of a timeline. */
class Picture {
  bottom = 0;
  private readonly window: Window;
  /** Processors that do something and have no lane. */
  readonly omitted: number;
  private readonly lanes: readonly number[];
  /** The IRQLs that occur, ascending: each is a row of a lane. */
  private readonly irqls: readonly number[];
  /** Where the baseline of each lane is. */
  private readonly bases = new Map<number, number>();
  private readonly seen = new Set<string>();

  constructor(
    private readonly timeline: Timeline,
    private readonly options: DrawOptions,
    private readonly width: number,
    private readonly left = GUTTER,
  ) {
    this.window = options.window ?? timeline.window;
    const { spans } = timeline;
    const busy = busyProcessors(timeline);
    this.lanes = options.lanes ?? busy.slice(0, MOST_LANES);
    this.omitted = options.lanes === undefined ? busy.length - this.lanes.length : 0;
    this.irqls = irqlsOf(spans, this.lanes);
  }

  draw(top: number): string[] {
    const laneHeight = this.irqls.length * ROW + FOOT + 10;
    this.lanes.forEach((lane, i) => {
      this.bases.set(lane, top + (i + 1) * laneHeight - FOOT);
    });
    this.bottom = top + Math.max(1, this.lanes.length) * laneHeight;
    return [
      ...this.axis(top),
      this.mark(),
      ...this.lanes.flatMap((lane) => this.lane(lane)),
      ...this.arrows(),
    ];
  }

  private x(ns: number): number {
    return round(this.left + shareOf(ns, this.window) * (this.end - this.left));
  }

  /** A part for a page that moves it. */
  private get isStrip(): boolean {
    return this.left === 0;
  }

  private get end(): number {
    return this.isStrip ? this.width : this.width - RIGHT;
  }

  private isSeen(fromNs: number, toNs: number): boolean {
    return toNs >= this.window.fromNs && fromNs <= this.window.toNs;
  }

  private axis(top: number): string[] {
    const { fromNs, toNs } = this.window;
    const { zeroNs } = this.options;
    const instants = instantsOf(this.window, zeroNs, (toNs - fromNs) / (this.width / 130));
    const words = instantWords(instants);
    return instants.map((ns, i) => {
      const x = this.x(zeroNs + ns);
      // A part that a page moves goes on at both sides; what stands alone ends with its paper.
      const isLast = !this.isStrip && x > this.width - HALF_AN_INSTANT;
      return (
        `<path class="tl-grid" d="M${x} ${top}V${this.bottom}"/>` +
        `<text x="${x}" y="${this.bottom + 16}" class="tl-note" ` +
        `text-anchor="${isLast ? 'end' : 'middle'}">${words[i]}</text>`
      );
    });
  }

  /** What the lanes are called, at the left of where they begin. */
  names(lanes = this.lanes): string[] {
    const rows = this.irqls.length;
    return lanes.flatMap((lane) => {
      const base = this.bases.get(lane)!;
      return [
        `<text x="8" y="${base - (rows * ROW) / 2 + 4}" class="tl-name">CPU ${lane}</text>`,
        ...this.irqls.map((irql, row) => {
          const y = base - row * ROW - 2;
          const end = `class="tl-irql" text-anchor="end"`;
          return `<text x="${GUTTER - 6}" y="${y}" ${end}>${irqlName(irql)}</text>`;
        }),
      ];
    });
  }

  private lane(index: number): string[] {
    const base = this.bases.get(index)!;
    const spans = this.timeline.spans.filter(
      ({ endNs, processor, startNs }) => processor === index && this.isSeen(startNs, endNs),
    );
    // What is higher up is drawn later, over what it interrupts.
    spans.sort((a, b) => a.level - b.level || a.startNs - b.startNs);
    return [
      ...(this.isStrip ? [] : this.names([index])),
      `<path class="tl-base" d="M${this.left} ${base}H${this.end}"/>`,
      ...(this.isStrip ? this.paths(spans, base) : spans.map((span) => this.span(span, base))),
      ...this.waits(index, base),
    ];
  }

  /**
   * Spans of one lane for a page that moves, by level: marks that look alike are one path, for each
   * element costs the page time. What a mark is, the page says where it is pointed at.
   */
  private paths(spans: readonly Span[], base: number): string[] {
    const drawn: string[] = [];
    let level = 0;
    const marks = new Map<string, string>();
    const labels: string[] = [];
    const flush = (): void => {
      for (const [className, d] of marks) drawn.push(`<path class="${className}" d="${d}"/>`);
      drawn.push(...labels.splice(0));
      marks.clear();
    };
    for (const span of spans) {
      if (span.level !== level) flush();
      level = span.level;
      const place = this.placeOf(span, base);
      if (place === null) continue;
      const { activity, height, width, x } = place;
      const known = marks.get(`tl-${activity}`) ?? '';
      marks.set(`tl-${activity}`, `${known}M${x} ${base}v-${height}h${width}v${height}z`);
      labels.push(this.label(span, place, base));
    }
    flush();
    return drawn;
  }

  placeAt(yPx: number): LanePlace | null {
    for (const [processor, base] of this.bases) {
      if (yPx > base + FOOT || yPx < base - this.irqls.length * ROW) continue;
      if (yPx > base) return { processor, irql: null };
      const row = Math.floor((base - yPx) / ROW);
      return { processor, irql: this.irqls[Math.min(row, this.irqls.length - 1)] };
    }
    return null;
  }

  private span(span: Span, base: number): string {
    const place = this.placeOf(span, base);
    if (place === null) return '';
    const { activity, height, width, x } = place;
    return (
      `<g><title>${escapeHtml(spanTitle(span))}</title><rect x="${x}" y="${base - height}" ` +
      `width="${width}" height="${height}" class="tl-${activity}"/>` +
      `${this.label(span, place, base)}</g>`
    );
  }

  /** Null for what leaves its lane empty, and for what is drawn there already. */
  private placeOf(span: Span, base: number): SpanPlace | null {
    if (isHalted(span)) return null;
    const x = this.x(span.startNs);
    const width = Math.max(0.8, round(this.x(span.endNs) - x));
    const height = (this.irqls.indexOf(span.irql) + 1) * ROW;
    const activity = activityOf(span);
    if (width < 2 && !this.isNew(`${base} ${activity} ${height}`, x)) return null;
    return { activity, height, width, x };
  }

  private label(span: Span, { activity, height, width, x }: SpanPlace, base: number): string {
    const isRoom = span.label !== '' && width > 12 + 6 * Math.min(span.label.length, 14);
    if (!isRoom) return '';
    const said = escapeHtml(span.label.slice(0, Math.floor((width - 6) / 6)));
    return (
      `<text x="${round(x + 3)}" y="${base - height + 10}" ` +
      `class="tl-${lettersOn(activity)}">${said}</text>`
    );
  }

  /** Under a lane, how long each DPC of it waited on the queue. */
  private waits(index: number, base: number): string[] {
    let row = 0;
    const waits = this.timeline.arrows.filter(({ fromNs, kind, to, toNs }) => {
      return kind === 'dpc' && to === index && this.isSeen(fromNs, toNs);
    });
    const places = waits.flatMap((arrow) => {
      const x = this.x(arrow.fromNs);
      const width = round(this.x(arrow.toNs) - x);
      if (width < 2 && !this.isNew(`wait ${base}`, x)) return [];
      row = (row + 1) % 3;
      return { arrow, x, y: base + 1 + 4 * row, width: Math.max(0.8, width) };
    });
    if (this.isStrip) {
      const d = places.map(({ width, x, y }) => `M${x} ${y}h${width}v2.5h-${width}z`);
      return [`<path class="tl-wait" d="${d.join('')}"/>`];
    }
    return places.map(
      ({ arrow, width, x, y }) =>
        `<g><title>${escapeHtml(waitTitle(arrow))}</title>` +
        `<rect x="${x}" y="${y}" width="${width}" height="2.5" class="tl-wait"/></g>`,
    );
  }

  private arrows(): string[] {
    const drawn = this.timeline.arrows.filter(
      (arrow) =>
        isDrawn(arrow) &&
        this.bases.has(arrow.from) &&
        this.bases.has(arrow.to) &&
        this.isSeen(arrow.fromNs, arrow.toNs),
    );
    return drawn.slice(0, MOST_ARROWS).map((arrow) => this.arrow(arrow));
  }

  private arrow(arrow: Arrow): string {
    const { fromNs, kind } = arrow;
    const fromY = this.bases.get(arrow.from)!;
    const toY = this.bases.get(arrow.to)!;
    const end = this.x(arrivesNs(arrow));
    const high = kind === 'ipi' ? 2 * ROW : 0;
    const [y1, y2] = fromY < toY ? [fromY, toY - high] : [fromY - 2 * ROW, toY + 4];
    return (
      `<g><title>${escapeHtml(arrowTitle(arrow))}</title><path class="tl-arrow tl-${kind}-arrow" ` +
      `marker-end="url(#tl-tip)" d="M${this.x(fromNs)} ${y1}L${end} ${y2}"/></g>`
    );
  }

  private mark(): string {
    const { marked } = this.options;
    const base = marked === undefined ? undefined : this.bases.get(marked.processor);
    if (marked === undefined || base === undefined) return '';
    const [from, to] = [this.x(marked.fromNs), this.x(marked.toNs)];
    const height = this.irqls.length * ROW;
    return (
      `<g><title>${escapeHtml(marked.label)}</title><rect class="tl-mark" x="${from}" ` +
      `y="${base - height}" width="${Math.max(1, round(to - from))}" height="${height + 4}"/></g>`
    );
  }

  private isNew(what: string, x: number): boolean {
    const key = `${what} ${Math.floor(x / GRAIN)}`;
    if (this.seen.has(key)) return false;
    this.seen.add(key);
    return true;
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
