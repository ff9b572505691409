import type { Fetch } from '@tokenline/core';
import { type Exchange, secretOf, shownField, shownHeader, tokensIn, withoutQuery } from './exchange.ts';

/** More bytes of an answer are not read: core refuses one that is half as long. */
const most = 2 * 1024 * 1024;

/** Records what is sent and what comes back, and learns which texts are secret. */
export class Recorder {
  readonly #send: typeof fetch;
  readonly #secrets: Set<string>;
  #exchanges: Exchange[] = [];

  constructor(send: Fetch, secrets: Set<string>) {
    this.#send = send as unknown as typeof fetch;
    this.#secrets = secrets;
  }

  /** What was recorded since the last call. */
  take(): Exchange[] {
    return this.#exchanges.splice(0);
  }

  /** A fetch whose requests are recorded. */
  readonly fetch = async (input: string, init?: RequestInit): Promise<Response> => {
    const exchange = this.#begin(input, init);
    this.#exchanges.push(exchange);
    try {
      const response = await this.#send(input, init);
      exchange.end = Date.now();
      const { status, headers } = response;
      const answer = (exchange.answer = { status, headers, text: '' });
      const decoder = new TextDecoder();
      let size = 0;
      const tap = new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          answer.text += decoder.decode(chunk, { stream: true });
          controller.enqueue(chunk);
          size += chunk.length;
          if (size > most) controller.terminate();
        },
        // Before whoever reads it knows that it has ended.
        flush: () => this.#learn(...tokensIn(answer.text)),
      });
      const body = response.body === null ? null : response.body.pipeThrough(tap);
      const copy = new Response(body, { status, headers });
      Object.defineProperties(copy, {
        url: { value: response.url, configurable: true },
        redirected: { value: response.redirected, configurable: true },
      });
      return copy;
    } catch (error) {
      exchange.end = Date.now();
      exchange.failure = error;
      throw error;
    }
  };

  #begin(url: string, { method = 'GET', headers = {}, body }: RequestInit = {}): Exchange {
    const sent = [...new Headers(headers)].filter(([name]) => !/^(user-agent|content-length|host)$/.test(name));
    const form = body instanceof URLSearchParams ? [...body] : [];
    const show = (
      fields: readonly [string, string][],
      shown: (name: string, value: string) => string,
    ): (readonly [string, string])[] =>
      fields.map(([name, value]) => {
        const text = shown(name, value);
        this.#learn(secretOf(text, value));
        return [name, text];
      });
    const start = Date.now();
    const [shownHeaders, shownForm] = [show(sent, shownHeader), show(form, shownField)];
    return { method, url: withoutQuery(url), headers: shownHeaders, form: shownForm, start, end: start };
  }

  #learn(...secrets: readonly (string | undefined)[]): void {
    // Shorter ones are no credentials, and to cut them out would leave nothing to read.
    for (const secret of secrets) if (secret !== undefined && secret.length > 3) this.#secrets.add(secret);
  }
}
