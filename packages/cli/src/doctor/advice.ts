import { OAuthError, type TokenError } from '@tokenline/core';
import { knownFailures } from './known-failures.ts';

/** What a failed token request is called, and what to do about it. */
export function adviceOn(failure: TokenError): { readonly id: string; readonly advice: string } {
  const { code, status, message } = failure;
  const answer = failure instanceof OAuthError ? failure : undefined;
  const { error, errorDescription: text = answer ? '' : message } = answer ?? { error: undefined };
  const view = { code, status, error, text };
  // The last one fits every failure.
  const { id, advice } = knownFailures.find(({ when }) => when(view))!;
  const entra = /AADSTS\d+/.exec(text)?.[0];
  const silent = answer && text === '';
  const more = entra
    ? `; https://login.microsoftonline.com/error explains ${entra}`
    : silent
      ? '; the log of the server has the reason'
      : '';
  return { id, advice: `${advice}${more}` };
}
