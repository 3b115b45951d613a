import { renderReport } from '../report/render.js';
import { renderFit } from '../report/render-fit.js';
import type { FitDocument } from '../stats/fit.js';
import type { ResultDocument } from '../result/document.js';
import { verdict } from '../stats/verdict.js';
import { loadPage } from '../disk/load-page.js';

/** One HTML report on the results, verdicts included, with the page that the package ships. */
export function renderDocuments(documents: readonly ResultDocument[]): string {
  const reported = documents.map((document) => ({ ...document, verdict: verdict(document) }));
  return renderReport(reported, loadPage());
}

/** One HTML report on a fit, with the same page. */
export function renderFitDocument(document: FitDocument): string {
  return renderFit(document, loadPage());
}
