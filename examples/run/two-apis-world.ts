import { fakeIdentityServer, protectedApi } from '@tokenline/testing';
import type { FakeWorld } from './world.ts';

/** Two APIs, each of which demands a scope of its own. */
export async function twoApisWorld(): Promise<FakeWorld> {
  const identity = await fakeIdentityServer({ scopes: ['orders.read', 'invoices.write'] }).listen();
  const shipped = [
    { id: 1, total: 30 },
    { id: 2, total: 45 },
  ];
  const orders = await protectedApi(identity, { scope: 'orders.read', respond: () => Response.json(shipped) }).listen();
  const invoices = await protectedApi(identity, { scope: 'invoices.write' }).listen();
  const { issuer, clientId, clientSecret } = identity.client;
  return {
    identity,
    apis: [orders, invoices],
    env: {
      ORDERS_URL: orders.origin,
      INVOICES_URL: invoices.origin,
      ISSUER: issuer,
      CLIENT_ID: clientId,
      CLIENT_SECRET: clientSecret,
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([orders, invoices, identity].map((host) => host.close()));
    },
  };
}
