/** What `renderReport` takes as `page`: both bundles as text. */
export function bundlePage(): Promise<{ script: string; style: string }>;
/** Writes `page.js` and `page.css` into a folder, which is created. */
export function buildPage(folder: string): Promise<void>;
