import { renderReport } from '../report/render.js';
import { renderFit } from '../report/render-fit.js';
import type { FitDocument } from '../stats/fit.js';
import type { ResultDocument } from '../result/document.js';
import { loadPage } from '../disk/load-page.js';

/**
 * One HTML report on the results, with the page that the package ships. `worst`: the command that
 * tells their longest wait, where there is one.
 */
export function renderDocuments(
  documents: readonly ResultDocument[],
  worst: string | null = null,
): string {
  return renderReport(documents, loadPage(), worst);
}

/** One HTML report on a fit, with the same page. */
export function renderFitDocument(document: FitDocument): string {
  return renderFit(document, loadPage());
}
