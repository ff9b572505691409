import { exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import { Issuer } from './issuer.ts';
import type { Recipe } from './recipe.ts';
import { serve } from './wire.ts';

/** The tokens of all installations have the number of their installation in them. */
export const githubApp: Recipe = {
  heading: 'A GitHub App',
  service: 'GitHub',
  async start() {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    let installation = '';
    const issuer = new Issuer(3_600_000, (number) => `ghs_${installation}_${number}`);
    const wire = await serve(async ({ method, url, headers }) => {
      const path = /^\/app\/installations\/(\d+)\/access_tokens$/.exec(url.pathname);
      if (method !== 'POST' || path === null) return { status: 404, json: { message: 'Not Found' } };
      const [, jwt = ''] = /^bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
      const { payload } = await jwtVerify(jwt, publicKey, { maxTokenAge: '10 minutes' });
      if (String(payload.iss) !== '1') return { status: 401, json: { message: 'Bad credentials' } };
      installation = path[1] ?? '';
      const { token, expiresAt } = issuer.issue();
      // As GitHub has it: to the second.
      const expires_at = new Date(expiresAt).toISOString().replace('.000', '');
      const json = { token, expires_at, permissions: { contents: 'read' }, repository_selection: 'all' };
      return { status: 201, json };
    });
    return {
      issuer,
      changes: {
        'createAppAuth({': `createAppAuth({ request: request.defaults({ baseUrl: '${wire.origin}' }),`,
        "import { createAppAuth } from '@octokit/auth-app';":
          "import { createAppAuth } from '@octokit/auth-app';\nimport { request } from '@octokit/request';",
      },
      environment: { PRIVATE_KEY: await exportPKCS8(privateKey) },
      revoke: () => issuer.revokeAll(),
      close: wire.close,
    };
  },
};
