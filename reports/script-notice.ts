/**
 * The line `SCRIPT_NOTICE` of `src/report/render-page.ts`: it stands on the page until the script
 * says that it works, and comes back when the script fails. Imported first, to miss no failure.
 */
const notice = document.getElementById('script-notice');

// A browser also tells of a late resize as an error, but without an exception.
addEventListener('error', ({ error }) => {
  if (error !== null) showNotice(true);
});

/** To be called once everything is drawn. */
export function hideScriptNotice(): void {
  showNotice(false);
}

function showNotice(isShown: boolean): void {
  if (notice !== null) notice.hidden = !isShown;
  // What the script would show on demand is shown at once where there is none.
  document.documentElement.classList.toggle('broken', isShown);
}
