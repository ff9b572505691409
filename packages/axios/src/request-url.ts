import { absoluteUrl } from '@tokenline/core';
import type { InternalAxiosRequestConfig } from 'axios';

// Stricter than axios itself, so that nothing which might leave for another host passes for relative.
const absolute = /^(?:https?:|(?:[a-z][a-z\d+\-.]*:)?\/\/)/i;
const ignored = /[\0-\x20]/g;
const slashesBefore = /^\/+/;
const slashesBehind = /\/+$/;

/** What axios is told of it. It takes a `URL` too, whatever its types say. */
type Target = Pick<InternalAxiosRequestConfig, 'baseURL' | 'allowAbsoluteUrls'> & { readonly url?: string | URL };

/** Where axios will send a request: its `url`, behind the `baseURL` unless it is absolute. The query does not matter here. */
export function requestUrl({ url: given = '', baseURL = '', allowAbsoluteUrls }: Target): string {
  const url = String(given);
  if (!baseURL) return absoluteUrl(url);
  // With `false`, it depends on the version of axios where an absolute URL goes: it is nowhere that is allowed.
  if (absolute.test(url.replace(ignored, ''))) return allowAbsoluteUrls === false ? '' : url;
  return absoluteUrl(url ? `${baseURL.replace(slashesBehind, '')}/${url.replace(slashesBefore, '')}` : baseURL);
}
