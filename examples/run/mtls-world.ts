import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { AuthorizationServer } from '@tokenline/adapter-tests/authorization-server';
import { type Authority, privateAuthority } from '@tokenline/adapter-tests/certificates';
import type { World } from './world.ts';

/** A certified identity server and an API that accepts its tokens: both ask for client certificates. */
export interface MtlsWorld extends World {
  /** The environment of a client whose certificate is for this name. `orders` is the one that the server knows. */
  envOf(name: string): Promise<World['env']>;
  /** The token that the API has seen last. */
  readonly seenToken: () => string;
}

export async function mtlsWorld(): Promise<MtlsWorld> {
  const authority = await privateAuthority();
  const tls = {
    ...(await authority.issue('localhost')),
    ca: authority.ca,
    requestCert: true,
    rejectUnauthorized: false,
  };
  const server = await AuthorizationServer.start(
    {
      orders: {
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_subject_dn: 'CN=orders',
        tls_client_certificate_bound_access_tokens: true,
      },
    },
    tls,
  );
  const tokenRequests = requestsOf(server);
  const api = await boundApi(server, tls);
  const folder = mkdtempSync(join(tmpdir(), 'tokenline-certificates-'));
  const envOf = async (name: string): Promise<World['env']> => ({
    API_URL: api.origin,
    ISSUER: server.issuer,
    CLIENT_ID: 'orders',
    ...(await filesOf(name, authority, folder)),
  });
  return {
    identity: { tokenRequests },
    apis: [api],
    env: await envOf('orders'),
    envOf,
    seenToken: () => api.seenToken(),
    [Symbol.asyncDispose]: async () => {
      rmSync(folder, { recursive: true });
      await Promise.all([api.close(), server.close()]);
    },
  };
}

async function filesOf(name: string, authority: Authority, folder: string): Promise<World['env']> {
  const { cert, key } = await authority.issue(name);
  const files = Object.entries({ CERT_FILE: cert, KEY_FILE: key, CA_FILE: authority.ca }).map(([variable, content]) => {
    const file = join(folder, `${name}.${variable}`);
    writeFileSync(file, content);
    return [variable, file];
  });
  return Object.fromEntries(files) as World['env'];
}

/** The token requests that a server answers from now on. */
function requestsOf({ provider }: AuthorizationServer): World['identity']['tokenRequests'] {
  const requests: World['identity']['tokenRequests'][number][] = [];
  provider.on('grant.success', (ctx) => {
    const { client } = ctx.oidc;
    requests.push({ clientId: client?.clientId, clientAuthentication: client?.clientAuthMethod, status: 200 });
  });
  provider.on('grant.error', (ctx, { statusCode }) => {
    requests.push({
      clientId: String(ctx.oidc.params?.['client_id']),
      clientAuthentication: undefined,
      status: statusCode,
    });
  });
  return requests;
}

/** An API that accepts a token of this server from the client whose certificate it is bound to. */
async function boundApi(
  { provider }: AuthorizationServer,
  tls: ServerOptions,
): Promise<World['apis'][number] & { seenToken(): string; close(): Promise<void> }> {
  const requests: { method: string; path: string; headers: Record<string, string>; status: number }[] = [];
  let value = '';
  const server = createServer(tls, async ({ method = '', url: path = '', headers, socket }, response) => {
    const [scheme = '', token = ''] = headers.authorization?.split(' ') ?? [];
    value = token;
    const bound = (await provider.ClientCredentials.find(token))?.['x5t#S256'];
    const { raw } = (socket as TLSSocket).getPeerCertificate();
    const status = bound !== undefined && bound === (raw && thumbprintOf(raw)) ? 200 : 401;
    requests.push({ method, path, headers: { authorization: `${scheme} [redacted]` }, status });
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ path }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    requests,
    seenToken: () => value,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc8705.html#section-3.1 | RFC 8705 §3.1} */
function thumbprintOf(certificate: Buffer): string {
  return createHash('sha256').update(certificate).digest('base64url');
}
