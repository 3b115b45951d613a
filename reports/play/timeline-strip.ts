import {
  ARROW_TIP,
  drawTimelineStrip,
  type StripOptions,
  type TimelineStrip,
} from '../../src/report/draw-timeline.js';
import type { Timeline, Window } from '../../src/timeline/timeline.js';

/** What is drawn on either side of what is seen, as a multiple of it: moving a little is cheap. */
const BESIDE = 0.5;

/** About half as wide as a character of the axis. */
const HALF_CHARACTER_PX = 3.4;

/** A label of the axis, which is hidden where the strip's edge would cut it. */
interface Instant {
  text: Element;
  x: number;
  halfPx: number;
}

/** Where the lanes go: elements of the page. */
export interface StripPlaces {
  names: SVGElement;
  body: SVGElement;
}

/** Draws a part of a timeline, and moves it as long as that is enough. */
export class MovingStrip {
  private drawn: {
    timeline: Timeline;
    window: Window;
    lanes: readonly number[];
    perNs: number;
    strip: TimelineStrip;
    instants: readonly Instant[];
  } | null = null;

  constructor(
    private readonly places: StripPlaces,
    private readonly zeroNs: number,
    private readonly marked: StripOptions['marked'],
  ) {}

  /**
   * Shows a window of some processors, `widthPx` wide; answers how high it is and how wide its
   * names are.
   */
  show(
    timeline: Timeline,
    { lanes, seen, widthPx }: { lanes: readonly number[]; seen: Window; widthPx: number },
  ): TimelineStrip {
    const perNs = widthPx / (seen.toNs - seen.fromNs);
    const { drawn } = this;
    const isEnough =
      drawn !== null &&
      drawn.timeline === timeline &&
      drawn.lanes === lanes &&
      Math.abs(drawn.perNs / perNs - 1) < 1e-6 &&
      seen.fromNs >= drawn.window.fromNs &&
      seen.toNs <= drawn.window.toNs;
    const { instants, strip, window } = isEnough
      ? drawn
      : this.draw(timeline, { lanes, seen, perNs });
    const { body } = this.places;
    const left = (seen.fromNs - window.fromNs) * perNs;
    body.setAttribute('viewBox', `${left} 0 ${widthPx} ${strip.heightPx}`);
    body.setAttribute('width', String(widthPx));
    body.setAttribute('height', String(strip.heightPx));
    for (const { halfPx, text, x } of instants) {
      const isCut = x - left < halfPx || x - left > widthPx - halfPx;
      text.setAttribute('visibility', isCut ? 'hidden' : 'visible');
    }
    return strip;
  }

  private draw(
    timeline: Timeline,
    { lanes, perNs, seen }: { lanes: readonly number[]; seen: Window; perNs: number },
  ): NonNullable<MovingStrip['drawn']> {
    const beside = BESIDE * (seen.toNs - seen.fromNs);
    const window = { fromNs: seen.fromNs - beside, toNs: seen.toNs + beside };
    const { marked, zeroNs } = this;
    const widthPx = perNs * (window.toNs - window.fromNs);
    const strip = drawTimelineStrip(timeline, { window, zeroNs, widthPx, marked, lanes });
    this.places.names.innerHTML = strip.names;
    this.places.body.innerHTML = ARROW_TIP + strip.body;
    const instants = [...this.places.body.querySelectorAll('text[text-anchor="middle"]')].map(
      (text) => ({
        text,
        x: Number(text.getAttribute('x')),
        halfPx: text.textContent.length * HALF_CHARACTER_PX,
      }),
    );
    this.drawn = { timeline, lanes, window, perNs, strip, instants };
    return this.drawn;
  }
}
