import { type ClientTokenSource, createTokenSource, type TokenSourceOptions } from '@tokenline/core';
import type { Change, ScriptedAnswer, Sight, WorldDescription } from '../servers/protocol.ts';

/** The servers of one case, which are in another process. */
export class World {
  readonly servers: WorldDescription;

  private constructor(servers: WorldDescription) {
    this.servers = servers;
  }

  static async open(control: string): Promise<World> {
    return new World((await ask('POST', `${control}/worlds`)) as WorldDescription);
  }

  /** The world that another request has opened. */
  static join(servers: WorldDescription): World {
    return new World(servers);
  }

  /** A source of tokens of the identity server. Failures reach its callers at once. */
  source(options: Partial<TokenSourceOptions> = {}): ClientTokenSource {
    return createTokenSource({ ...this.servers.client, patience: 0, ...options });
  }

  async change(change: Change): Promise<void> {
    await ask('POST', this.servers.url, change);
  }

  /** What the API answers to the next requests. */
  next(...answers: ScriptedAnswer[]): Promise<void> {
    return this.change({ next: answers });
  }

  async look(): Promise<Sight> {
    return (await ask('GET', this.servers.url)) as Sight;
  }

  /** Waits until something is so. */
  async until(what: string, condition: (sight: Sight) => boolean): Promise<Sight> {
    for (let attempt = 0; attempt < 200; attempt++) {
      const sight = await this.look();
      if (condition(sight)) return sight;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`waited in vain until ${what}`);
  }

  async close(): Promise<void> {
    await ask('DELETE', this.servers.url);
  }
}

/** A question to the process that has the servers. */
export async function ask(method: string, url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Both clocks of a machine, which can be put forward. */
export class Clock {
  ahead = 0;
  now = (): number => Date.now() + this.ahead;
  monotonic = (): number => performance.now() + this.ahead;
}

export const minute = 60_000;
