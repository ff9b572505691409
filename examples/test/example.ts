import { join } from 'node:path';
import { Program, type ProgramOptions } from '../run/program.ts';
import type { World } from '../run/world.ts';

/** Where `npx -y pnpm@12 examples` has installed an example. */
export function installed(name: string): string {
  return join(process.env.EXAMPLES ?? '', name);
}

/** Runs an example that `npx -y pnpm@12 examples` has installed. */
export function start(name: string, { env }: Pick<World, 'env'>, options?: ProgramOptions): Program {
  return new Program(installed(name), { PORT: '0', ...env }, options);
}

/** What of the credentials is to be found in a text. The fake server numbers its tokens. */
export function credentialsIn(text: string, { env }: Pick<World, 'env'>): string[] {
  const { CLIENT_SECRET = '' } = env;
  const tokens = text.match(/\btoken-\d+/g) ?? [];
  return CLIENT_SECRET !== '' && text.includes(CLIENT_SECRET) ? [...tokens, CLIENT_SECRET] : tokens;
}

/** What the compiler says against an example, with the types of the packed packages: nothing. */
export async function typeErrors(name: string): Promise<string> {
  const compiler = start(name, { env: {} }, { script: 'typecheck' });
  const { status } = await compiler.ended;
  return status === 0 ? '' : compiler.output;
}
