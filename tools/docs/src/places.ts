import { join } from 'node:path';

/** The repository. */
export const root: string = join(import.meta.dirname, '../../..');

const output = join(import.meta.dirname, '../dist');

/** The Markdown that the site is built from: the documentation, and the API pages. */
export const pages: string = join(output, 'pages');
/** The site. It is complete: any static server can serve it. */
export const site: string = join(output, 'site');
export const screenshots: string = join(output, 'screenshots');
/** What the generator keeps from one run to the next. */
export const cache: string = join(output, 'cache');

/** The path of the site at its address. */
export const base: string = process.env['DOCS_BASE'] ?? '/';
