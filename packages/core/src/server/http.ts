import type { Settings } from '../source/settings.ts';
import { untilAborted } from '../common/until-aborted.ts';

/** No honest answer of an authorization server comes near this many bytes. */
const limit = 1024 * 1024;

/** One request to the authorization server, answered with all of its body: no redirect is followed, and no endless body read. */
export async function exchange(
  { fetch: send, ownUrls }: Settings,
  url: string,
  init: RequestInit,
  signal: AbortSignal,
): Promise<Response> {
  ownUrls.add(url);
  // Aborted here as well, since a fetch of the user's own may not know signals.
  const response = await untilAborted(send(url, { ...init, redirect: 'manual', signal }), signal);
  const text = await untilAborted(readText(response), signal);
  // Browsers hide the status of a redirect that is not followed.
  const status = response.type === 'opaqueredirect' ? 302 : response.status;
  return new Response([204, 205, 304].includes(status) ? null : text, { status, headers: response.headers });
}

async function readText(response: Response): Promise<string> {
  if (!response.body) return response.text();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > limit) {
      // Whether the rest can be cancelled is the connection's affair: the answer is refused in any case.
      reader.cancel().catch(() => {});
      throw new RangeError(`the answer is longer than ${limit} bytes`);
    }
    text += decoder.decode(value, { stream: true });
  }
}
