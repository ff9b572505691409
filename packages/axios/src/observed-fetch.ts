const landings = new WeakMap<object, string>();

/**
 * The runtime's `fetch`, remembering where redirects led a request, since axios does not tell. One function for all
 * instances, since axios keeps an adapter for each `fetch` that it sees.
 */
export const observedFetch = async (input: URL | Request | string, init?: RequestInit): Promise<Response> => {
  const response = await globalThis.fetch(input, init);
  if (response.redirected && typeof input === 'object') landings.set(input, response.url);
  return response;
};

/** Where redirects led a request, if anywhere. */
export function landingOf(request: object | undefined): string | undefined {
  return request && landings.get(request);
}
