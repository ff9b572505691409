import { rm } from 'node:fs/promises';
import { generate, type HttpClient } from 'openapi-typescript-codegen';

const json = { 'application/json': { schema: { type: 'object' } } };
const paths = {
  '/orders': {
    post: {
      operationId: 'createOrder',
      requestBody: { content: json },
      responses: { 200: { description: 'the order', content: json } },
    },
  },
};

const folder = new URL('.snippets/', import.meta.url);

/** What `openapi-typescript-codegen` generates for an API. */
export class Generated {
  readonly path: string;

  /** @param name - the folder that is made beside those of the snippets. */
  constructor(name: string) {
    this.path = new URL(name, folder).pathname;
  }

  async write(origin: string, httpClient: `${HttpClient}`): Promise<void> {
    const servers = [{ url: origin }];
    const input = { openapi: '3.0.3', info: { title: 'Orders', version: '1' }, servers, paths };
    await generate({ input, output: this.path, httpClient, clientName: 'OrdersClient' });
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}
