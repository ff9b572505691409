import type { InternalAxiosRequestConfig } from 'axios';

/** Where axios will send a request: its `url`, behind the `baseURL` unless it is absolute. The query does not matter here. */
export function requestUrl({ url = '', baseURL = '', allowAbsoluteUrls }: InternalAxiosRequestConfig): string {
  if (baseURL === '' || (allowAbsoluteUrls !== false && isAbsolute(url))) return url;
  return url === '' ? baseURL : `${baseURL.replace(/\/?\/$/, '')}/${url.replace(/^\/+/, '')}`;
}

/** Stricter than axios itself, so that nothing which might leave for another host passes for relative. */
function isAbsolute(url: string): boolean {
  return (
    /^([a-z][a-z\d+\-.]*:)?\/\//i.test(url) || (url.includes(':') && /^https?:/i.test(url.replaceAll(/[\0-\x20]/g, '')))
  );
}
