import { createTokenSource } from '@tokenline/core';
import type { ClientArguments } from './arguments/client-arguments.ts';
import { readSettings } from './arguments/read-settings.ts';
import { SecretTexts } from './arguments/secret-texts.ts';
import { exitStatus } from './exit-status.ts';
import { asJson, withProgress } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Prints a token, and nothing else. */
export async function get(args: ClientArguments & { readonly json?: boolean }, signal: AbortSignal): Promise<number> {
  if (args.dpop && args.dpopKey === undefined)
    throw new UsageError('--dpop needs --dpop-key here: the token would be bound to a key that ends with this command');
  const settings = await readSettings(args, new SecretTexts(signal));
  const source = createTokenSource(settings.toOptions());
  try {
    const { value, type, expiresAt, scope } = await withProgress('requesting a token', source.getToken({ signal }));
    const expiresIn = expiresAt === undefined ? undefined : Math.floor((expiresAt - Date.now()) / 1_000);
    const fields = { access_token: value, token_type: type, expires_in: expiresIn, scope };
    process.stdout.write(`${args.json ? asJson(fields) : value}\n`);
    return exitStatus.success;
  } finally {
    // A refresh token that replaces another is saved before the end.
    await source[Symbol.asyncDispose]();
  }
}
