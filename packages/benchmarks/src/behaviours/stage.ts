import { ApiServer, IdentityServer } from '@tokenline/adapter-tests';
import type { Contender, Running } from '../contender.ts';
import { DistantEndpoint } from './distant-endpoint.ts';

const hardCoded = 'a token that somebody wrote into the code';

/** One contender with an identity server and an API of its own, so that whatever these count is its doing. */
export class Stage {
  readonly contender: Contender;
  readonly identity: IdentityServer;
  readonly endpoint: DistantEndpoint;
  readonly api: ApiServer;
  readonly running: Running;

  private constructor(contender: Contender, identity: IdentityServer, endpoint: DistantEndpoint, api: ApiServer) {
    this.contender = contender;
    this.identity = identity;
    this.endpoint = endpoint;
    this.api = api;
    const { clientId, clientSecret, scope } = identity.client;
    const target = { clientId, clientSecret, scope, api: api.origin, tokenEndpoint: endpoint.url };
    this.running = contender.open({ ...target, stubbed: false, token: hardCoded });
  }

  /** @param distance - milliseconds from the client to the token endpoint. */
  static async open(contender: Contender, distance: number): Promise<Stage> {
    const identity = await IdentityServer.start();
    const accepts = (token: string): boolean => token === hardCoded || identity.accepts(token);
    const api = await ApiServer.start({ accepts });
    return new Stage(contender, identity, await DistantEndpoint.start(identity.tokenEndpoint, distance), api);
  }

  /** How many token requests the endpoint got since the last time that this was asked, up to a moment. */
  takeTokenRequests(until: number = Number.POSITIVE_INFINITY): number {
    return this.endpoint.requests.splice(0).filter(({ start }) => start <= until).length;
  }

  async close(): Promise<void> {
    await this.running.close();
    await Promise.all([this.api.close(), this.endpoint.close(), this.identity.close()]);
  }
}

/** Opens a stage for each contender, and closes all of them at the end, whatever happens between. */
export async function onStages<T>(
  contenders: readonly Contender[],
  distance: number,
  play: (stages: readonly Stage[]) => Promise<T>,
): Promise<T> {
  const stages = await Promise.all(contenders.map((contender) => Stage.open(contender, distance)));
  try {
    return await play(stages);
  } finally {
    await Promise.all(stages.map((stage) => stage.close()));
  }
}
