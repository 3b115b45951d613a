/**
 * Imported before uPlot, which makes a number format of the browser's language while it loads.
 * Where that language is none, such as `en-US@posix` of a Chromium without a locale, the format
 * throws and no chart would be drawn (uPlot 1.6.32). Nothing on the page is written in that format.
 */
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' });
}
