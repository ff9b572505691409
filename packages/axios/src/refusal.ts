import { discard, keep } from '@tokenline/core/adapter';
import type { AxiosResponse } from 'axios';

/** Reads a refusal into memory, so that its connection is free. axios itself has read all but a stream. */
export async function free(response: AxiosResponse): Promise<void> {
  const body = response.data as Partial<ReadableStream> | null | undefined;
  if (typeof body?.getReader !== 'function') return;
  try {
    const copy = new Response(body as ReadableStream);
    await keep(copy);
    response.data = copy.body;
  } catch {
    // Somebody reads it already.
  }
}

/** Frees the connection of an unwanted response, whose body is still there only if it is a stream. */
export function release({ data }: AxiosResponse): void {
  const body = data as Partial<ReadableStream & NodeJS.ReadableStream> | null | undefined;
  if (typeof body?.getReader !== 'function' && typeof body?.pipe !== 'function') return;
  try {
    discard({ body: body as ReadableStream, bodyUsed: false });
  } catch {
    // Somebody reads it already.
  }
}
