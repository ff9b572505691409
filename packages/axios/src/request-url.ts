import type { InternalAxiosRequestConfig } from 'axios';

/** Where axios will send a request: its `url`, behind the `baseURL` unless it is absolute. The query does not matter here. */
export function requestUrl({ url = '', baseURL = '', allowAbsoluteUrls }: InternalAxiosRequestConfig): string {
  if (baseURL === '' || (allowAbsoluteUrls !== false && isAbsolute(url))) return url;
  const base = baseURL.endsWith('/') ? baseURL.replace(/\/?\/$/, '') : baseURL;
  return url === '' ? baseURL : `${base}/${url.replace(/^\/+/, '')}`;
}

/** Stricter than axios itself, so that nothing which might leave for another host passes for relative. */
function isAbsolute(url: string): boolean {
  if (url.startsWith('//')) return true;
  return (
    url.includes(':') && (/^[a-z][a-z\d+\-.]*:\/\//i.test(url) || /^https?:/i.test(url.replaceAll(/[\0-\x20]/g, '')))
  );
}
