import { bearerAuth } from '@tokenline/axios';
import axios, { type AxiosInstance } from 'axios';
import { options, source } from './elsewhere.ts';

export * from 'axios';

attach(axios);
const create = axios.create.bind(axios);
axios.create = (defaults): AxiosInstance => attach(create(defaults));

export default axios;

/** The base URL of an instance would be one more origin that gets the token. */
function attach(client: AxiosInstance): AxiosInstance {
  const { baseURL } = client.defaults;
  delete client.defaults.baseURL;
  bearerAuth(client, source, options);
  if (baseURL !== undefined) client.defaults.baseURL = baseURL;
  return client;
}
