import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type Pipeline,
} from '@azure/core-rest-pipeline';
import type { Get } from '../contender.ts';
import type { ClientOptions } from './client.ts';

/** The pipeline of the Azure SDK. Its tokens travel over https only, so loopback is called that until the request leaves. */
export function pipelineGet(pipeline: Pipeline, { api, stubbed, headers }: ClientOptions): Get {
  const network = createDefaultHttpClient();
  const client: HttpClient = {
    sendRequest: async (request) => {
      if (stubbed) return { request, status: 200, headers: createHttpHeaders({ 'content-length': '0' }) };
      const url = request.url.replace(/^https:/, 'http:');
      return network.sendRequest(createPipelineRequest({ ...request, url, allowInsecureConnection: true }));
    },
  };
  const secure = api.replace(/^http:/, 'https:');
  return async (path) => {
    const request = createPipelineRequest({
      url: `${secure}${path}`,
      headers: createHttpHeaders(headers),
    });
    return (await pipeline.sendRequest(client, request)).status;
  };
}
