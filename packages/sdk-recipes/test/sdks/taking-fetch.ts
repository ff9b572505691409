import { graphql, order, type Sdk } from './sdk.ts';

export const takingFetch: readonly Sdk[] = [
  {
    name: '`@apollo/client`',
    given: `import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core';`,
    call: `sdk.mutate({ mutation: gql('mutation { order { id } }') }).then(({ data }) => ({ id: data.order.id }))`,
    answer: graphql,
  },
  {
    name: '`@hey-api/client-fetch`',
    given: `import { createClient } from '@hey-api/client-fetch';`,
    call: `sdk.post({ url: '/orders', body: { id: '7' } }).then(({ data }) => data)`,
  },
  {
    name: '`@microsoft/kiota-http-fetchlibrary`',
    given: `
      import { AnonymousAuthenticationProvider, HttpMethod, RequestInformation } from '@microsoft/kiota-abstractions';
      import { FetchRequestAdapter, HttpClient } from '@microsoft/kiota-http-fetchlibrary';
      const request = new RequestInformation(HttpMethod.POST, 'https://api.example.com');
      request.setStreamContent(new TextEncoder().encode('{"id":"7"}').buffer, 'application/json');
    `,
    call: `sdk
      .sendPrimitive(request, 'ArrayBuffer', undefined)
      .then((bytes) => JSON.parse(new TextDecoder().decode(bytes)))`,
  },
  {
    name: '`@oazapfts/runtime`',
    given: `import { runtime } from '@oazapfts/runtime';`,
    call: `sdk.fetchJson('/orders', sdk.json({ method: 'POST', body: { id: '7' } })).then(({ data }) => data)`,
  },
  {
    name: '`@octokit/request`',
    given: `import { request } from '@octokit/request';`,
    call: `sdk('POST /orders', { id: '7' }).then(({ data }) => data)`,
  },
  {
    name: 'OpenAPI Generator, `typescript-fetch`',
    given: `import { Configuration, FrontendApi } from '@ory/kratos-client-fetch';`,
    call: `sdk
      .updateLoginFlowRaw({ flow: '7', updateLoginFlowBody: { method: 'code', csrf_token: '' } })
      .then(({ raw }) => raw.json())`,
  },
  {
    name: '`@trpc/client`',
    given: `
      import { createTRPCClient, httpBatchLink } from '@trpc/client';
      import { initTRPC } from '@trpc/server';
      const { procedure, router } = initTRPC.create();
      const orders = router({ order: procedure.mutation(() => ({ id: '7' })) });
      type Router = typeof orders;
    `,
    call: `sdk.order.mutate()`,
    answer: [{ result: { data: order } }],
  },
  {
    name: '`@urql/core`',
    given: `import { Client, fetchExchange } from '@urql/core';`,
    call: `sdk.query('{ order { id } }', {}).toPromise().then(({ data }) => data.order)`,
    failing: `sdk.query('{ order { id } }', {}).toPromise().then((result) => Promise.reject(result.error.networkError))`,
    answer: graphql,
  },
  {
    name: '`gaxios`',
    given: `import { Gaxios } from 'gaxios';`,
    call: `sdk.request({ url: '/orders', method: 'POST', data: { id: '7' } }).then(({ data }) => data)`,
  },
  {
    name: '`graphql-request`',
    given: `import { GraphQLClient } from 'graphql-request';`,
    call: `sdk.request('{ order { id } }').then(({ order }) => order)`,
    answer: graphql,
  },
  {
    name: '`hono/client`',
    given: `
      import { Hono } from 'hono';
      import { hc } from 'hono/client';
      const app = new Hono().post('/orders', (context) => context.json({ id: '7' }));
      type App = typeof app;
    `,
    call: `sdk.orders.$post({ json: { id: '7' } }).then((response) => response.json())`,
  },
  {
    name: '`openapi-fetch`',
    given: `
      import createClient from 'openapi-fetch';
      type Json = { content: { 'application/json': { id: string } } };
      interface paths { '/orders': { post: { requestBody: Json; responses: { 200: Json } } } }
    `,
    call: `sdk.POST('/orders', { body: { id: '7' } }).then(({ data }) => data)`,
  },
];
