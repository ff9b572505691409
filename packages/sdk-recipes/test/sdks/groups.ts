import { callingGlobalFetch } from './calling-global-fetch.ts';
import { needingAxios, needingFetch } from './needing-lines.ts';
import type { Sdk } from './sdk.ts';
import { settingAuthorization } from './setting-authorization.ts';
import { takingAxios } from './taking-axios.ts';
import { takingDispatcher } from './taking-dispatcher.ts';
import { takingFetch } from './taking-fetch.ts';

/** The SDKs, by the heading above the client that they use. */
export const groups: readonly (readonly [client: string, sdks: readonly Sdk[]])[] = [
  ['SDKs that take a `fetch`', [...takingFetch, ...needingFetch]],
  ['SDKs that take an axios instance', [...takingAxios, ...needingAxios]],
  ['SDKs that take an undici dispatcher', takingDispatcher],
  ['SDKs that call the global `fetch`', callingGlobalFetch],
  ['SDKs that set an `Authorization` of their own', settingAuthorization],
];
