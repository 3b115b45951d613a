import { renderReport } from '../report/render.js';
import { renderFit } from '../report/render-fit.js';
import type { FitDocument } from '../stats/fit.js';
import type { ResultDocument } from '../result/document.js';
import type { LongestWait } from '../timeline/worst-wait.js';
import { loadPage } from '../disk/load-page.js';

/**
 * One HTML report on the results, with the page that the package ships. `waits`: the longest ones
 * of each, by policy, where they were looked for.
 */
export function renderDocuments(
  documents: readonly ResultDocument[],
  waits: readonly (LongestWait[] | null)[] = [],
): string {
  return renderReport(documents, loadPage(), waits);
}

/** One HTML report on a fit, with the same page. */
export function renderFitDocument(document: FitDocument): string {
  return renderFit(document, loadPage());
}
