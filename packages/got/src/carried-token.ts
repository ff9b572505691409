import type { Attempt } from '@tokenline/core';
import type { Hop } from './hop.ts';
import { type Answer, replay } from './replay.ts';

/** What got hands to Node. */
interface Native {
  headers: Record<string, unknown>;
}
/** A `ClientRequest`, a promise of one over HTTP/2, or what a user's own `request` answers. */
type Sent = Partial<Answer> & {
  once?(event: 'response', listener: (answer: Answer) => void): void;
  then?(next: (sent: Sent) => Sent | undefined): Sent;
};
/** With a URL first; without one where got's `cache` is in between. */
type Send = (...parameters: readonly (URL | Native | (() => void))[]) => Sent | undefined;

/**
 * Puts the token on the request where it leaves. got asks its options for the function that sends only after all hooks: the
 * URL is final there, and the header stays out of the options, which redirects and retries inherit and errors print.
 */
export function carry(attempt: Attempt, hop: Hop): void {
  const getRequestFunction = hop.getRequestFunction.bind(hop) as () => Send;
  const authorized = (): Send => {
    const send = getRequestFunction();
    return (...parameters) => {
      const native = parameters.find((parameter) => 'headers' in parameter) as Native;
      // A hook after ours may have set another URL, or an Authorization of its own.
      if (native.headers['authorization'] || !attempt.allows(String(hop.url))) return send(...parameters);
      native.headers = { ...native.headers, ...attempt.headers };
      const answered = (answer: Answer): void => replay(answer, attempt, hop, carry);
      const watch = (sent: Sent | undefined): Sent | undefined => {
        if (sent?.statusCode) answered(sent as Answer);
        else sent?.once?.('response', answered);
        return sent;
      };
      const sent = send(...parameters);
      return sent?.then ? sent.then(watch) : watch(sent);
    };
  };
  hop.getRequestFunction = authorized as unknown as Hop['getRequestFunction'];
}
