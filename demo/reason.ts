/** How the demo spells the options of the library. */
const flags: Readonly<Record<string, string>> = {
  'allowInsecureRequests: true': '--insecure',
  issuer: '--issuer',
  tokenEndpoint: '--token-endpoint',
};

/** Why something failed, for people: what the error says, and its innermost cause. Never the error itself, which may hold a whole request. */
export function reasonOf(error: unknown): string {
  const chain = [error];
  for (let inner = innerOf(error); inner !== undefined && chain.length < 8; inner = innerOf(inner)) chain.push(inner);
  const [outer = '', innermost = ''] = [chain[0], chain.at(-1)].map(sayingOf);
  return outer.includes(innermost) ? outer : `${outer}\nReason: ${innermost}`;
}

/** An error of a connection that was tried by several addresses has no cause, but one error for each. */
function innerOf(error: unknown): unknown {
  const { cause, errors } = (error ?? {}) as { cause?: unknown; errors?: unknown };
  return cause ?? (Array.isArray(errors) ? errors[0] : undefined);
}

function sayingOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  if (code === 'ERR_INVALID_OPTION') {
    const names = new RegExp(`(?<![\\w-])(${Object.keys(flags).join('|')})(?!\\w)`, 'g');
    return error.message.replaceAll(names, (name) => flags[name] ?? name);
  }
  return error.message || (typeof code === 'string' ? code : error.name);
}
