import { parseObject } from '../common/json-object.ts';

/** What the authorization server answered, read to its end. */
export interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Headers;
  /** The JSON object that it is; `undefined` where it is none. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

export async function readAnswer(response: Response): Promise<Answer> {
  const { ok, status, headers } = response;
  return { ok, status, headers, body: parseObject(await response.text()) };
}
