const statuses = `
Exit status:
  0  success
  1  doctor found a problem, or something failed that nobody has foreseen
  2  the command line is wrong
  3  the server cannot be used as it is named
  4  the server refused, with an error of OAuth
  5  the same command may succeed later: the server is down, slow, or limits
     requests
`;

/** What follows the options in the help of each command. */
export const examples: Readonly<Record<string, string>> = {
  get: `
Examples:
  $ export CLIENT_SECRET=…
  $ tokenline get --issuer https://login.example.com --client-id orders
  $ curl -H "authorization: Bearer $(tokenline get --issuer … --client-id …)" …
  $ tokenline get --issuer … --client-id … --scope orders.read --json
  $ tokenline get --issuer … --client-id … --client-secret @secret.txt
  $ tokenline get --issuer … --client-id … --key @client.pem --kid 2026-11
  $ tokenline get --issuer … --client-id … --cert @tls.crt --cert-key @tls.key
  $ pass show x | tokenline get --issuer … --client-id … --client-secret @-
${statuses}`,
  inspect: `
Examples:
  $ tokenline get --issuer … --client-id orders | tokenline inspect
  $ tokenline inspect --token env:TOKEN --json
  $ tokenline inspect --token @token.txt --issuer … --client-id api

An opaque token says nothing by itself. With a server and a client that may
introspect, the server is asked.
${statuses}`,
  doctor: `
Examples:
  $ tokenline doctor --issuer https://login.example.com --client-id orders
  $ tokenline doctor --issuer … --client-id … --api https://api.example.com/x

It sends real token requests, a few more where the first is refused, and prints
what was sent and what came back, without secrets and tokens. It ends with the
options to paste into createTokenSource.
${statuses}`,
};
