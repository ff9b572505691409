import { createPipelineFromOptions } from '@azure/core-rest-pipeline';
import { gaxios as google } from 'google-auth-library';
import { axiosClient, axiosGet } from '../clients/axios.ts';
import type { ClientName, ClientOptions } from '../clients/client.ts';
import { pipelineGet } from '../clients/core-rest-pipeline.ts';
import { fetchGet, fetchOf } from '../clients/fetch.ts';
import { gaxiosGet, gaxiosOptions } from '../clients/gaxios.ts';
import { gotClient, gotGet } from '../clients/got.ts';
import { kyClient, kyGet } from '../clients/ky.ts';
import { undiciClient, undiciGet } from '../clients/undici.ts';
import type { Contender, Get } from '../contender.ts';

const bare: Readonly<Record<ClientName, (options: ClientOptions) => Get>> = {
  axios: (options) => axiosGet(axiosClient(options)),
  got: (options) => gotGet(gotClient(options)),
  ky: (options) => kyGet(kyClient(options)),
  fetch: (options) => fetchGet(fetchOf(options), options),
  undici: (options) => undiciGet(undiciClient(options), options),
  gaxios: (options) => gaxiosGet(new google.Gaxios(gaxiosOptions(options)), options),
  'core-rest-pipeline': (options) => pipelineGet(createPipelineFromOptions({}), options),
};

/** Every client as it is, with a token that somebody wrote into its headers. */
export const floors: readonly Contender[] = (Object.keys(bare) as ClientName[]).map((client) => ({
  name: `hard-coded header, ${client}`,
  client,
  role: 'floor',
  imports: {},
  usage: 'the bare client with an `Authorization` header',
  open: ({ api, stubbed, token }) => ({
    get: bare[client]({ api, stubbed, headers: { authorization: `Bearer ${token}` } }),
    close: () => {},
  }),
}));
