import type { Contender } from '../contender.ts';
import { axiosAuthRefresh } from './axios-auth-refresh.ts';
import { axiosOauthClient } from './axios-oauth-client.ts';
import { azure } from './azure.ts';
import { badgateway } from './badgateway.ts';
import { blogInterceptor } from './blog-interceptor.ts';
import { emptyHooks } from './empty-hook.ts';
import { floors } from './floor.ts';
import { googleAuthLibrary } from './google-auth-library.ts';
import { openidClient } from './openid-client.ts';
import { simpleOauth2 } from './simple-oauth2.ts';
import { tokenline } from './tokenline.ts';

/** Everything that is measured, the floors first. */
export const contenders: readonly Contender[] = [
  ...floors,
  ...emptyHooks,
  ...tokenline,
  blogInterceptor,
  axiosAuthRefresh,
  axiosOauthClient,
  simpleOauth2,
  badgateway,
  openidClient,
  googleAuthLibrary,
  azure,
];
