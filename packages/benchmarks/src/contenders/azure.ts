import {
  bearerTokenAuthenticationPolicy,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import { pipelineGet } from '../clients/core-rest-pipeline.ts';
import type { Contender, Target } from '../contender.ts';
import { requestToken } from './token-request.ts';

/** The pipeline of the Azure SDK with its bearer policy. */
export const azure: Contender = {
  name: '@azure/core-rest-pipeline',
  client: 'core-rest-pipeline',
  role: 'peer',
  imports: { '@azure/core-rest-pipeline': ['bearerTokenAuthenticationPolicy', 'createPipelineFromOptions'] },
  usage: '`createPipelineFromOptions()` with `bearerTokenAuthenticationPolicy()`; the credential is ours',
  open(target) {
    const pipeline = createPipelineFromOptions({});
    pipeline.addPolicy(policyOf(target));
    return { get: pipelineGet(pipeline, target), close: () => {} };
  },
  hold: (target) => (scope) => {
    const policy = policyOf({ ...target, scope });
    const request = createPipelineRequest({ url: 'https://127.0.0.1/' });
    // The policy keeps the token to itself: it has to be asked by a request.
    const send = async (): ReturnType<Policy['sendRequest']> => ({
      request,
      status: 200,
      headers: createHttpHeaders(),
    });
    return { getToken: () => policy.sendRequest(request, send), keep: policy };
  },
};

type Policy = ReturnType<typeof bearerTokenAuthenticationPolicy>;

function policyOf(target: Target): Policy {
  return bearerTokenAuthenticationPolicy({
    scopes: target.scope,
    credential: {
      getToken: async () => {
        const { access_token, expires_in } = await requestToken(target);
        return { token: access_token, expiresOnTimestamp: Date.now() + expires_in * 1_000 };
      },
    },
  });
}
