import { bearerAuth as axiosAuth } from '@tokenline/axios';
import { type ClientTokenSource, createTokenSource } from '@tokenline/core';
import { bearerAuth as fetchAuth } from '@tokenline/fetch';
import { bearerAuth as gotAuth } from '@tokenline/got';
import { bearerAuth as kyAuth } from '@tokenline/ky';
import { bearerAuth as undiciAuth } from '@tokenline/undici';
import { axiosClient, axiosGet } from '../clients/axios.ts';
import type { ClientOptions } from '../clients/client.ts';
import { fetchGet, fetchOf } from '../clients/fetch.ts';
import { gotClient, gotGet } from '../clients/got.ts';
import { kyClient, kyGet } from '../clients/ky.ts';
import { undiciClient, undiciGet } from '../clients/undici.ts';
import type { Contender, Get, Holder, Target } from '../contender.ts';

type TokenlineClient = 'axios' | 'got' | 'ky' | 'fetch' | 'undici';
type Attach = (options: ClientOptions, source: ClientTokenSource) => Get;

const adapters: Readonly<Record<TokenlineClient, Attach>> = {
  axios: (options, source) => axiosGet(axiosAuth(axiosClient(options), source)),
  got: (options, source) => gotGet(gotAuth(gotClient(options), source)),
  ky: (options, source) => kyGet(kyAuth(kyClient(options), source)),
  fetch: (options, source) => fetchGet(fetchAuth(fetchOf(options), source, { origins: [options.api] }), options),
  undici: (options, source) =>
    undiciGet(undiciAuth(undiciClient(options), source, { origins: [options.api] }), options),
};

/** A source of tokens, as the README has it. */
export function sourceOf({ tokenEndpoint, clientId, clientSecret, scope }: Target, keys = 1_000): ClientTokenSource {
  return createTokenSource({ tokenEndpoint, clientId, clientSecret, scope, maxCachedTokens: keys });
}

/** tokenline on each of its clients. */
export const tokenline: readonly Contender[] = (Object.keys(adapters) as TokenlineClient[]).map((client) => ({
  name: `tokenline, ${client}`,
  client,
  role: 'tokenline',
  imports: { [`@tokenline/${client}`]: ['bearerAuth', 'createTokenSource'] },
  usage: '`bearerAuth(client, source)`',
  open: (target) => ({ get: adapters[client](target, sourceOf(target)), close: () => {} }),
  hold,
}));

function hold(target: Target): Holder {
  const source = sourceOf(target, 100_000);
  return (scope) => {
    const scoped = source.with({ scope });
    // The cache of the one source holds the tokens of all scopes.
    return { getToken: () => scoped.getToken(), keep: source };
  };
}
