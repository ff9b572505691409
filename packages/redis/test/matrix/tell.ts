import type { RedisServer } from '@tokenline/adapter-tests';
import { createClient } from 'redis';

/** Sends commands to one server, on a connection of their own. */
export async function tellAll(server: RedisServer, commands: readonly (readonly string[])[]): Promise<unknown[]> {
  const client = createClient({ url: server.url, RESP: 2, socket: { reconnectStrategy: 50 } });
  client.on('error', () => {});
  await client.connect();
  try {
    return await Promise.all(commands.map((command) => client.sendCommand(command)));
  } finally {
    client.destroy();
  }
}

export async function tell(server: RedisServer, ...command: string[]): Promise<string> {
  const [answer] = await tellAll(server, [command]);
  return String(answer);
}
