declare module 'cloudflare:workers' {
  /** Keeps a request's context alive until the promise is settled. */
  export function waitUntil(promise: Promise<unknown>): void;
}
