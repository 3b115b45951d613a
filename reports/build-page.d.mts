/** What `renderReport` takes as `page`: both bundles as text. */
export function bundlePage(): Promise<{ script: string; style: string }>;
/** Writes `page.js`, `page.css` and uPlot's license into a folder, which is created. */
export function buildPage(folder: string): Promise<void>;
