import { type TokenError, tokenErrorOf } from '@tokenline/core';
import { UsageError } from './usage-error.ts';

/** What a script can tell from the status of the command. */
export const exitStatus = {
  success: 0,
  /** `doctor` found a problem; or something failed that nobody has foreseen. */
  problem: 1,
  /** The command line, or one of the options, is wrong. */
  usage: 2,
  /** The server cannot be used as it is named: its metadata, its address, its answers. */
  server: 3,
  /** The server refused, with an error of OAuth. */
  refused: 4,
  /** The same command may succeed later, although nobody changes anything. */
  later: 5,
} as const;

export function exitStatusOf(error: unknown): number {
  const failure = tokenErrorOf(error);
  if (failure !== undefined) return statusOf(failure);
  const isUsage = error instanceof UsageError || (error as { code?: unknown }).code === 'ERR_INVALID_OPTION';
  return isUsage ? exitStatus.usage : exitStatus.problem;
}

function statusOf({ code, transient }: TokenError): number {
  if (transient) return exitStatus.later;
  return code === 'ERR_OAUTH_RESPONSE' ? exitStatus.refused : exitStatus.server;
}

/** What went wrong, in one line. */
export function reasonOf(error: unknown): string {
  const failure = tokenErrorOf(error);
  if (failure !== undefined) return `${failure.message} [${failure.code}]`;
  const { message, code } = error as { message?: string; code?: unknown };
  return `${message ?? String(error)}${code === 'ERR_INVALID_OPTION' ? ` [${code}]` : ''}`;
}
