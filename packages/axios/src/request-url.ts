import { absoluteUrl } from '@tokenline/core';
import type { InternalAxiosRequestConfig } from 'axios';

// Stricter than axios itself, so that nothing which might leave for another host passes for relative.
const absolute = /^(?:https?:|(?:[a-z][a-z\d+\-.]*:)?\/\/)/i;
const ignored = /[\0-\x20]/g;
const slashesBefore = /^\/+/;
const slashesBehind = /\/+$/;

/** Where axios will send a request: its `url`, behind the `baseURL` unless it is absolute. The query does not matter here. */
export function requestUrl({ url = '', baseURL = '', allowAbsoluteUrls }: InternalAxiosRequestConfig): string {
  if (!baseURL) return absoluteUrl(url);
  // With `false`, it depends on the version of axios where an absolute URL goes: it is nowhere that is allowed.
  if (absolute.test(url.replace(ignored, ''))) return allowAbsoluteUrls === false ? '' : url;
  return absoluteUrl(url ? `${baseURL.replace(slashesBehind, '')}/${url.replace(slashesBefore, '')}` : baseURL);
}
