import type { InternalAxiosRequestConfig } from 'axios';

// Stricter than axios itself, so that nothing which might leave for another host passes for relative.
const absolute = /^(?:https?:|(?:[a-z][a-z\d+\-.]*:)?\/\/)/i;
const ignored = /[\0-\x20]/g;
const slashesBefore = /^\/+/;
const slashesBehind = /\/+$/;

/** Where axios will send a request: its `url`, behind the `baseURL` unless it is absolute. The query does not matter here. */
export function requestUrl({ url = '', baseURL = '', allowAbsoluteUrls }: InternalAxiosRequestConfig): string {
  if (!baseURL || (allowAbsoluteUrls !== false && absolute.test(url.replace(ignored, '')))) return url;
  return url ? `${baseURL.replace(slashesBehind, '')}/${url.replace(slashesBefore, '')}` : baseURL;
}
