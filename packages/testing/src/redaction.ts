const mark = '[redacted]';
/** What carries a credential, by the names that RFCs and servers give to such parameters. */
const confidential = /secret|password|passcode|assertion$|token$|code|verifier|ticket|key|signature|credential/i;

/** The parameters of a form. Those that carry a credential are redacted; a list is one that was there more than once. */
export function redactedForm(form: URLSearchParams): Record<string, string | string[]> {
  const names = [...new Set(form.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = form.getAll(name).map((value) => (confidential.test(name) ? mark : value));
      return [name, values.length > 1 ? values : (values[0] ?? '')];
    }),
  );
}

/** Path and query of a URL, without the token that RFC 6750 §2.3 allows there. */
export function redactedPath(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search.replaceAll(/([?&]access_token=)[^&]*/g, `$1${mark}`)}`;
}

/** Headers by their names in lower case. Of an `authorization`, the scheme is left. */
export function redactedHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries(
    [...headers].map(([name, value]) => {
      if (name === 'authorization') return [name, `${/^[\w-]+(?= )/.exec(value)?.[0] ?? ''} ${mark}`.trim()];
      const isConfidential = ['cookie', 'dpop', 'proxy-authorization'].includes(name) || confidential.test(name);
      return [name, isConfidential ? mark : value];
    }),
  );
}
