import type { Sdk } from './sdk.ts';

export const callingGlobalFetch: readonly Sdk[] = [
  {
    name: '`openapi-typescript-codegen`, `--client fetch`',
    given: `import { OrdersClient } from './orders-fetch';`,
    call: `sdk.default.createOrder({ id: '7' })`,
  },
];
