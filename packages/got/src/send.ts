import { type AuthorizedRequest, conceal, concealHeaders } from '@tokenline/core/adapter';
import type { Hop } from './hop.ts';
import { type Answer, replay } from './replay.ts';

/** What got passes to Node. */
interface Native {
  headers: Record<string, unknown>;
}
/** A `ClientRequest`, a promise of one over HTTP/2, or what a user's own `request` returns. */
type Sent = Partial<Answer> & {
  once?(event: 'response', listener: (answer: Answer) => void): void;
  then?(next: (sent: Sent) => Sent | undefined): Sent;
};
/** With a URL first; without one when got's `cache` is in between. */
type Send = (...parameters: readonly (URL | Native | (() => void))[]) => Sent | undefined;

/**
 * Sends a request with its token, and once more if the answer deserves that.
 *
 * got asks its options for the function that sends (`getRequestFunction`, which is not public) after all hooks. Only there
 * is the URL final, and only a header that is set there stays out of the options, which redirects and retries inherit and
 * errors print (https://github.com/sindresorhus/got/issues/1090).
 */
export function sendWith(authorized: AuthorizedRequest, hop: Hop): void {
  const getRequestFunction = hop.getRequestFunction.bind(hop) as () => Send;
  const createNative = hop.createNativeRequestOptions.bind(hop) as () => Native;
  const token = authorized.headers['authorization'];
  // A hook after ours may have set another URL, or an Authorization of its own.
  const mayCarry = ({ headers }: Native): boolean =>
    (!headers['authorization'] || authorized.replaces) && authorized.allows(String(hop.url));
  // A cache looks at the headers before anything is sent, for answers that vary by them. It keeps them without the token.
  if (hop.cache)
    hop.createNativeRequestOptions = () => {
      const native = createNative();
      if (mayCarry(native)) concealHeaders((native.headers = { ...native.headers, ...authorized.headers }));
      return native as unknown as ReturnType<Hop['createNativeRequestOptions']>;
    };
  const authorizedFunction = (): Send => {
    const send = getRequestFunction();
    return (...parameters) => {
      const native = parameters.find((parameter) => 'headers' in parameter) as Native;
      if (native.headers['authorization'] !== token && !mayCarry(native)) return send(...parameters);
      const { headers } = native;
      const carried = { ...headers, ...authorized.headers };
      native.headers = carried;
      concealHeaders(carried);
      const watch = (sent: Sent | undefined): Sent | undefined => {
        // got keeps these options. Its cache still reads them.
        if (!hop.cache) native.headers = headers;
        conceal(sent);
        const answered = (answer: Answer): void => {
          conceal(sent);
          replay(answer, authorized, hop, sendWith);
        };
        if (sent?.statusCode) answered(sent as Answer);
        else sent?.once?.('response', answered);
        return sent;
      };
      const sent = send(...parameters);
      return sent?.then ? sent.then(watch) : watch(sent);
    };
  };
  hop.getRequestFunction = authorizedFunction as unknown as Hop['getRequestFunction'];
}
