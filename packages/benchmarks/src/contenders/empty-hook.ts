import { gotClient, gotGet } from '../clients/got.ts';
import { kyClient, kyGet } from '../clients/ky.ts';
import type { ClientOptions } from '../clients/client.ts';
import type { Contender, Get } from '../contender.ts';

const hooked: Readonly<Record<'got' | 'ky', (options: ClientOptions) => Get>> = {
  got: (options) => gotGet(gotClient(options).extend({ hooks: { beforeRequest: [() => {}] } })),
  ky: (options) => kyGet(kyClient(options).extend({ hooks: { beforeRequest: [() => {}] } })),
};

/** What a client itself takes for a hook, whatever that does: nobody who needs one can cost less. */
export const emptyHooks: readonly Contender[] = (['got', 'ky'] as const).map((client) => ({
  name: `hard-coded header and a hook that does nothing, ${client}`,
  client,
  role: 'reference',
  imports: {},
  usage: 'the bare client with an `Authorization` header and an empty `beforeRequest` hook',
  open: ({ api, stubbed, token }) => ({
    get: hooked[client]({ api, stubbed, headers: { authorization: `Bearer ${token}` } }),
    close: () => {},
  }),
}));
