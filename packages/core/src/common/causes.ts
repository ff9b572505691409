/** An error and its causes, outermost first; eight at most, since causes may form a ring. Never throws. */
export function causesOf(error: unknown): object[] {
  const chain: object[] = [];
  while (chain.length < 8 && typeof error === 'object' && error !== null) {
    chain.push(error);
    error = (error as { cause?: unknown }).cause;
  }
  return chain;
}

/** What the innermost cause says, to be read at the end of a message: `: getaddrinfo ENOTFOUND login.example.com`. Never throws. */
export function reasonOf(cause: unknown): string {
  const { message, code } = (causesOf(cause).at(-1) ?? {}) as { message?: unknown; code?: unknown };
  // The error of a connection that was tried by several addresses has a code alone.
  const said = [message, code].find((text): text is string => typeof text === 'string' && text !== '');
  return said === undefined ? '' : `: ${said.replaceAll(/\s+/g, ' ').slice(0, 300)}`;
}
