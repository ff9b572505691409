import { defineConfig } from 'vitepress';
import { repositoryLinks } from '../src/repository-links.ts';
import { slugOf } from '../src/markdown.ts';
import { base, cache, pages, site } from '../src/places.ts';
import { repositoryUrl } from '../src/repository.ts';
import { apiSidebars, guideSidebar } from '../src/sidebar.ts';

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M1 8h14M8 3v10" stroke="#3a6ea5" stroke-width="3"/></svg>`;

export default defineConfig({
  title: 'tokenline',
  description: 'A valid OAuth access token on every request of axios, got, ky, fetch and undici',
  lang: 'en',
  base,
  srcDir: pages,
  outDir: site,
  cacheDir: cache,
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
  router: { prefetchLinks: false },
  // The index of the search, which is loaded when someone searches.
  vite: { build: { chunkSizeWarningLimit: 2_000 } },
  markdown: {
    anchor: { slugify: slugOf },
    config: (markdown) => repositoryLinks(markdown),
  },
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/index.md', activeMatch: '^/(?!api/)' },
      { text: 'API', link: '/api/index.md', activeMatch: '^/api/' },
      { text: 'Repository', link: repositoryUrl },
    ],
    sidebar: { '/': guideSidebar(pages), ...apiSidebars(pages) },
    outline: [2, 3],
    search: {
      provider: 'local',
      // Who searches for a word wants the page about it first.
      options: { miniSearch: { searchOptions: { boostDocument: (id: string) => (id.includes('/api/') ? 0.3 : 1) } } },
    },
    editLink: {
      text: 'Edit this page',
      pattern: ({ filePath, frontmatter }) => {
        const file = frontmatter['source'] ?? `docs/${filePath === 'index.md' ? 'start.md' : filePath}`;
        return `https://github.com/tokenline/tokenline/edit/main/${file}`;
      },
    },
    notFound: {
      title: 'There is no such page',
      quote: 'It may have moved. The search knows all pages.',
      linkText: 'To the first page',
    },
  },
});
