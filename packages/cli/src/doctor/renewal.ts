import { type AccessToken, tokenErrorOf } from '@tokenline/core';
import type { Acquired } from './token-request.ts';
import { describeFailure, type Visit } from './visit.ts';

/** Asks for another token, as after a refusal. */
export async function checkRenewal(visit: Visit, { source, token }: Acquired): Promise<AccessToken | undefined> {
  const { report, signal, recorder } = visit;
  report.step('Renewal');
  try {
    const next = await source.getToken({ rejected: token.value, signal });
    report.add('ok', 'renewal', 'the server issues another token while this one lives');
    return next;
  } catch (error) {
    const failure = tokenErrorOf(error);
    if (failure === undefined) throw error;
    if (failure.code === 'ERR_TOKEN_REJECTED')
      report.add(
        'note',
        'same-token',
        'the server answers with the same token as long as it lives',
        'nothing is renewed early: requests at its end may meet a 401, and are sent again with the next token',
      );
    else
      report.add(
        'problem',
        'renewal-failed',
        describeFailure(failure),
        'what the client or the grant presents may be good for one request only',
      );
    return undefined;
  } finally {
    recorder.take();
  }
}
