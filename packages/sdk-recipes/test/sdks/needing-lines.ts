import type { Sdk } from './sdk.ts';

/** SDKs that need a few lines, by the heading above the client that these lines use. */
export const needingFetch: readonly Sdk[] = [
  {
    name: '`@azure/core-rest-pipeline`',
    given: `import { createPipelineFromOptions, createPipelineRequest } from '@azure/core-rest-pipeline';`,
    after: `
      const pipeline = createPipelineFromOptions({});
      const request = () => createPipelineRequest({ url: baseUrl, method: 'POST', body: '{"id":"7"}', allowInsecureConnection: true });
    `,
    call: `pipeline.sendRequest(httpClient, request()).then(({ bodyAsText }) => JSON.parse(bodyAsText ?? ''))`,
  },
  { name: '`@microsoft/microsoft-graph-client`', call: `graph.api('/orders').post({ id: '7' })`, hidesErrors: true },
  {
    name: '`@ts-rest/core`',
    given: `
      import { initContract } from '@ts-rest/core';
      const { router, type } = initContract();
      const create = { method: 'POST', path: '/orders', body: type<{ id: string }>(), responses: { 200: type<{ id: string }>() } } as const;
      const contract = router({ create });
    `,
    call: `client.create({ body: { id: '7' } }).then(({ body }) => body)`,
  },
];

/** The samples are what the generators write, in short. */
export const needingAxios: readonly Sdk[] = [
  {
    name: '`@hey-api/client-axios`',
    call: `client.post({ url: '/orders', body: { id: '7' } }).then(({ data }) => data)`,
    failing: `client.post({ url: '/orders', throwOnError: true })`,
  },
  {
    name: 'Kubb',
    after: `
      interface Order { id: string }
      async function createOrder(data: Order, config: Partial<RequestConfig<Order>> & { client?: Client } = {}) {
        const { client: request = client, ...requestConfig } = config;
        const response = await request<Order, ResponseErrorConfig<Error>, Order>({ method: 'POST', url: '/orders', data, ...requestConfig });
        return response.data;
      }
    `,
    call: `createOrder({ id: '7' })`,
  },
  {
    name: '`openapi-typescript-codegen`',
    call: `orders.default.createOrder({ id: '7' })`,
  },
  {
    name: 'orval',
    after: `
      interface Order { id: string }
      type SecondParameter<T extends (...args: never) => unknown> = Parameters<T>[1];
      const getOrders = () => {
        const createOrder = (order: Order, options?: SecondParameter<typeof send<Order>>) =>
          send<Order>({ url: '/orders', method: 'POST', headers: { 'Content-Type': 'application/json' }, data: order }, options);
        return { createOrder };
      };
    `,
    call: `getOrders().createOrder({ id: '7' })`,
  },
];
