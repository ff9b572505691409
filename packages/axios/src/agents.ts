import { conceal, concealHeaders } from '@tokenline/core/adapter';
import type { InternalAxiosRequestConfig } from 'axios';

type Config = InternalAxiosRequestConfig;

/** What Node asks an agent for. */
interface Agent {
  addRequest(request: object, options: { readonly headers?: object }, ...rest: unknown[]): void;
}

const discreetAgents = new WeakMap<object, object>();

/** The user's agents, made discreet: the config holds them, so whoever prints an error prints all that is sent by them. */
export function agentsOf({ httpAgent, httpsAgent }: Config): Pick<Config, 'httpAgent' | 'httpsAgent'> {
  return {
    ...(isAgent(httpAgent) && { httpAgent: discreet(httpAgent) }),
    ...(isAgent(httpsAgent) && { httpsAgent: discreet(httpsAgent) }),
  };
}

function isAgent(value: unknown): value is Agent {
  return typeof (value as Partial<Agent> | null | undefined)?.addRequest === 'function';
}

/** The same agent, which keeps the token of a request out of logs from the start. */
function discreet(agent: Agent): object {
  let known = discreetAgents.get(agent);
  if (known === undefined) {
    const addRequest: Agent['addRequest'] = (request, options, ...rest) => {
      conceal(request);
      concealHeaders(options.headers);
      agent.addRequest(request, options, ...rest);
    };
    const get = (_: object, key: PropertyKey): unknown =>
      key === 'addRequest' ? addRequest : (Reflect.get(agent, key) as unknown);
    discreetAgents.set(agent, (known = new Proxy(agent, { get })));
  }
  return known;
}
