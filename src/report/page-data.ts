import { REPORT_SCHEMA } from './model.js';
import type { PageData, SectionModel } from './model.js';
import { packSources } from './pack-sources.js';
import { isHeatMap } from './processor-figures.js';

/** What a section of any report has for the script. */
export type DrawnSection = Pick<SectionModel, 'id' | 'policies' | 'figures'> &
  Partial<Pick<SectionModel, 'sources' | 'processors'>>;

/** The part of the sections that the page's script reads. */
export function pageData(sections: readonly DrawnSection[]): PageData {
  return {
    schema: REPORT_SCHEMA,
    sections: sections.map(({ id, policies, figures, sources, processors }) => ({
      id,
      policies,
      figures: figures.map((figure) => ({
        id: figure.id,
        views: figure.views.map(({ latency, chart }) => ({ latency, chart })),
      })),
      sources: sources === undefined ? null : packSources(sources, policies.length),
      cells: (processors?.figures ?? [])
        .filter(isHeatMap)
        .map(({ id: figure, unit, values }) => ({ id: figure, unit, values })),
    })),
  };
}
