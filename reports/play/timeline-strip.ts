import {
  ARROW_TIP,
  drawTimelineStrip,
  type TimelineStrip,
} from '../../src/report/draw-timeline.js';
import type { Timeline, Window } from '../../src/timeline/timeline.js';

/** What is drawn on either side of what is seen, as a multiple of it: moving a little is cheap. */
const BESIDE = 1.5;

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
    perNs: number;
    strip: TimelineStrip;
  } | null = null;

  constructor(
    private readonly places: StripPlaces,
    private readonly zeroNs: number,
    private readonly marked: Parameters<typeof drawTimelineStrip>[1]['marked'],
  ) {}

  /** Shows a window, `widthPx` wide; answers how high it is and how wide its names are. */
  show(timeline: Timeline, seen: Window, widthPx: number): TimelineStrip {
    const perNs = widthPx / (seen.toNs - seen.fromNs);
    const { drawn } = this;
    const isEnough =
      drawn !== null &&
      drawn.timeline === timeline &&
      Math.abs(drawn.perNs / perNs - 1) < 1e-6 &&
      seen.fromNs >= drawn.window.fromNs &&
      seen.toNs <= drawn.window.toNs;
    const { strip, window } = isEnough ? drawn : this.draw(timeline, seen, perNs);
    const { body } = this.places;
    const left = (seen.fromNs - window.fromNs) * perNs;
    body.setAttribute('viewBox', `${left} 0 ${widthPx} ${strip.heightPx}`);
    body.setAttribute('width', String(widthPx));
    body.setAttribute('height', String(strip.heightPx));
    return strip;
  }

  private draw(timeline: Timeline, seen: Window, perNs: number): NonNullable<MovingStrip['drawn']> {
    const beside = BESIDE * (seen.toNs - seen.fromNs);
    const window = { fromNs: seen.fromNs - beside, toNs: seen.toNs + beside };
    const { marked, zeroNs } = this;
    const widthPx = perNs * (window.toNs - window.fromNs);
    const strip = drawTimelineStrip(timeline, { window, zeroNs, widthPx, marked });
    this.places.names.innerHTML = strip.names;
    this.places.body.innerHTML = ARROW_TIP + strip.body;
    this.drawn = { timeline, window, perNs, strip };
    return this.drawn;
  }
}
