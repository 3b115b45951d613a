import type { Page } from 'playwright-core';

/** Elements that reach past an edge of the window without a container that scrolls. */
export function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const wide = document.documentElement.scrollWidth > width ? ['(document)'] : [];
    const scrolls = (e: Element): boolean => e.closest('.scroll, pre, .skip, .unseen') !== null;
    return [
      ...wide,
      ...Array.from(document.body.querySelectorAll('*'))
        .filter((e) => {
          const { left, right } = e.getBoundingClientRect();
          return (right > width + 0.5 || left < -0.5) && right > left && !scrolls(e);
        })
        .map((e) => `${e.tagName}.${e.getAttribute('class') ?? ''} ${e.textContent!.slice(0, 40)}`),
    ];
  });
}

/** Words of one drawing that lie upon each other. */
export function colliding(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    // Boxes of letters are a little larger than what is drawn of them.
    const [slackAcross, slackDown] = [1, 4];
    const found: string[] = [];
    for (const drawing of document.querySelectorAll('svg')) {
      if (drawing.ownerSVGElement !== null) continue;
      // Names of spans stand in them: invented spans overlap, simulated ones do not.
      const words = Array.from(drawing.querySelectorAll('text:not(.on, .on-pale)'), (text) => ({
        said: text.textContent,
        box: text.getBoundingClientRect(),
      })).filter(({ box }) => box.width > 0);
      words.forEach(({ said, box }, i) => {
        for (const other of words.slice(i + 1)) {
          const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
          const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
          if (across > slackAcross && down > slackDown) found.push(`${said} / ${other.said}`);
        }
      });
    }
    return found;
  });
}

/** Words in drawings whose letters are lower than `least` pixels. */
export function smallLetters(page: Page, least: number): Promise<string[]> {
  return page.evaluate(
    (pixels) =>
      Array.from(document.querySelectorAll<SVGTextElement>('svg text'))
        .filter((text) => {
          const size = parseFloat(getComputedStyle(text).fontSize);
          return text.getBoundingClientRect().width > 0 && size * text.getScreenCTM()!.d < pixels;
        })
        .map((text) => text.textContent),
    least,
  );
}
