import type { Fetch } from '@tokenline/core';
import { metadataPlaces } from '@tokenline/core/adapter';

/** What one of the well-known places answered. */
export interface MetadataDocument {
  readonly url: string;
  /** `undefined` where there was no answer. */
  readonly status: number | undefined;
  /** The JSON object of a successful answer. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

/** Asks for the metadata of an issuer at each of its places. */
export async function readMetadataDocuments(
  issuer: string,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<MetadataDocument[]> {
  const url = new URL(issuer);
  const places = url.pathname.includes('/.well-known/') ? [url.href] : metadataPlaces(url);
  return Promise.all(places.map((place) => readMetadataDocument(place, fetch, signal)));
}

export async function readMetadataDocument(url: string, fetch: Fetch, signal: AbortSignal): Promise<MetadataDocument> {
  try {
    const response = await fetch(url, { headers: { accept: 'application/json' }, redirect: 'manual', signal });
    const text = await response.text();
    return { url, status: response.status, fields: response.status === 200 ? parseObject(text) : undefined };
  } catch {
    // The source, which asks for it as well, says why.
    return { url, status: undefined, fields: undefined };
  }
}

/** Whether a document is that of an issuer, as the source compares them. */
export function isOf(issuer: string, { fields }: MetadataDocument): boolean {
  const found = fields?.['issuer'];
  return typeof found === 'string' && URL.canParse(found) && new URL(found).href === new URL(issuer).href;
}

export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
