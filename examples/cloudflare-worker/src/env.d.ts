// What `wrangler types` writes for the Worker, as far as it is needed here.
declare module 'cloudflare:workers' {
  export const env: Readonly<Record<'API_URL' | 'ISSUER' | 'CLIENT_ID' | 'CLIENT_SECRET', string>>;
  export function waitUntil(promise: Promise<unknown>): void;
}
