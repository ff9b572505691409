import type { Sdk } from './sdk.ts';

export const takingDispatcher: readonly Sdk[] = [
  {
    name: '`@elastic/transport`',
    given: `
      import { Transport, UndiciConnection, WeightedConnectionPool } from '@elastic/transport';
      const connectionPool = new WeightedConnectionPool({ Connection: UndiciConnection });
      const transport = new Transport({ connectionPool });
    `,
    call: `transport.request({ method: 'POST', path: '/orders', body: { id: '7' } })`,
    failing: `transport.request({ method: 'GET', path: '/orders' }, { maxRetries: 0 })`,
    hidesErrors: true,
  },
];
