/** A page's own relative URLs are resolved as its `fetch` will. */
export function absoluteUrl(url: string): string {
  const page = (globalThis as { location?: { href: string } }).location?.href;
  return page !== undefined && URL.canParse(url, page) ? new URL(url, page).href : url;
}
