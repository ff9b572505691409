// The packages that are ES modules only, and an instance of axios that comes from a CommonJS package.
import type { AxiosInstance } from 'axios' with { 'resolution-mode': 'require' };
import got, { type Got } from 'got';
import ky, { type KyInstance } from 'ky';
import * as axiosAdapter from '@tokenline/axios';
import * as gotAdapter from '@tokenline/got';
import * as kyAdapter from '@tokenline/ky';

const source = gotAdapter.createCustomTokenSource({ acquire: async () => ({ value: 'opensesame' }) });

export const api: Got = gotAdapter.bearerAuth(got.extend({ prefixUrl: 'https://api.example.com' }), source);
export const other: KyInstance = kyAdapter.bearerAuth(ky.create({ prefix: 'https://api.example.com' }), source);
export const attach = (instance: AxiosInstance): AxiosInstance => axiosAdapter.bearerAuth(instance, source);
