import type { Sdk } from './sdk.ts';

export const takingAxios: readonly Sdk[] = [
  {
    name: 'OpenAPI Generator, `typescript-axios`',
    given: `import { RelationshipApi } from '@ory/keto-client';`,
    call: `sdk.checkOplSyntax({ body: 'class Order {}' }).then(({ data }) => data)`,
  },
  {
    name: '`openapi-client-axios`, which makes the instance',
    given: `
      import { OpenAPIClientAxios, type OpenAPIV3 } from 'openapi-client-axios';
      const definition: OpenAPIV3.Document = {
        openapi: '3.0.3',
        info: { title: 'Orders', version: '1' },
        servers: [{ url: 'https://api.example.com' }],
        paths: { '/orders': { post: { operationId: 'createOrder', responses: {} } } },
      };
    `,
    call: `sdk.createOrder(null, { id: '7' }).then(({ data }) => data)`,
  },
];
