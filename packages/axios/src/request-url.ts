import { absoluteUrl } from '@tokenline/core/adapter';
import type { InternalAxiosRequestConfig } from 'axios';

// Stricter than axios itself, so that a URL of another host never counts as relative.
const absolute = /^(?:https?:|(?:[a-z][a-z\d+\-.]*:)?\/\/)/i;
const ignored = /[\0-\x20]/g;
const slashesBefore = /^\/+/;

/** What the config says of the URL. axios also takes a `URL`, whatever its types say. */
interface Target extends Pick<InternalAxiosRequestConfig, 'allowAbsoluteUrls'> {
  readonly url?: string | URL | null;
  readonly baseURL?: string | null;
}

/** Where axios will send a request: its `url`, behind the `baseURL` unless it is absolute. The query does not matter here. */
export function requestUrl({ url: given, baseURL, allowAbsoluteUrls }: Target): string {
  const url = String(given ?? '');
  if (!baseURL) return absoluteUrl(url);
  // With `false`, versions of axios differ on where an absolute URL goes: none of it is allowed.
  if (absolute.test(url.replace(ignored, ''))) return allowAbsoluteUrls === false ? '' : url;
  return absoluteUrl(url ? `${withoutSlashesBehind(baseURL)}/${url.replace(slashesBefore, '')}` : baseURL);
}

/** A regular expression would take quadratic time for a text with many slashes inside. */
function withoutSlashesBehind(text: string): string {
  let end = text.length;
  while (text.charAt(end - 1) === '/') end--;
  return text.slice(0, end);
}
