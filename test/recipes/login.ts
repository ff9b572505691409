import { Issuer } from './issuer.ts';
import type { Recipe, StandIn } from './recipe.ts';
import { type Reply, serve } from './wire.ts';

/** A login API that can be told what to answer next. */
export interface LoginApi extends StandIn {
  next: Reply | undefined;
}

export const loginApi: Recipe<LoginApi> = {
  heading: 'A login API',
  service: 'JSON',
  async start() {
    const issuer = new Issuer(3_600_000);
    const wire = await serve(({ method, url, body, headers }) => {
      if (standIn.next !== undefined) return standIn.next;
      if (method !== 'POST' || url.pathname !== '/login') return { status: 404 };
      if (headers['content-type'] !== 'application/json') return { status: 415 };
      const { user, password } = JSON.parse(body) as Record<string, unknown>;
      if (user !== 'orders' || password !== 'sesame') return { status: 401 };
      const { token, expiresAt } = issuer.issue();
      return { json: { token, expires: new Date(expiresAt) } };
    });
    const standIn: LoginApi = {
      next: undefined,
      issuer,
      changes: { 'https://api.example.com': wire.origin },
      environment: { PASSWORD: 'sesame' },
      revoke: () => issuer.revokeAll(),
      close: wire.close,
    };
    return standIn;
  },
};
