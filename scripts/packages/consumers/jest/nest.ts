// The test of a provider of NestJS.
import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import { Inject, Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { bearerAuth, createTokenSource, type TokenSource } from '@tokenline/axios';

@Injectable()
class Orders {
  readonly api: AxiosInstance;

  constructor(@Inject('SOURCE') source: TokenSource) {
    const adapter: NonNullable<AxiosInstance['defaults']['adapter']> = async (config) => {
      const data = config.headers['authorization'] as unknown;
      return { data, status: 200, statusText: 'OK', headers: {}, config };
    };
    this.api = bearerAuth(axios.create({ baseURL: 'https://api.example.com', adapter }), source);
  }

  list(): Promise<AxiosResponse<unknown>> {
    return this.api.get('/orders', { bearerAuth: { scope: 'orders.read' } });
  }
}

test('a provider sends its requests with a token', async () => {
  const source = createTokenSource({
    tokenEndpoint: 'https://login.example.com/connect/token',
    clientId: 'orders',
    clientSecret: 'sesame',
    fetch: async () => Response.json({ access_token: 'opensesame', token_type: 'Bearer', expires_in: 3600 }),
  });
  const providers = [Orders, { provide: 'SOURCE', useValue: source }];
  const module = await Test.createTestingModule({ providers }).compile();
  await expect(module.get(Orders).list()).resolves.toMatchObject({ data: 'Bearer opensesame' });
});
