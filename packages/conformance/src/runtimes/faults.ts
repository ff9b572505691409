import type { Runtime } from './runtime.ts';

// What is known to fail. Each of these is a fault, and is named as one in what the command prints, until it is put right.

const gotPrinted = 'known fault: the request that a response of got holds is printed with its headers';

export const faultsOfNode: Runtime['leftOut'] = { 'got: a response that is printed': gotPrinted };

export const faultsOfBun: Runtime['leftOut'] = {
  ...faultsOfNode,
  'axios: a response that is printed': 'known fault: Bun prints the request, though it is not enumerable',
};

const redirects = 'known fault: a 401 at the end of a redirect renews the token, because the landing is not known';

export const faultsOfBrowsers: Runtime['leftOut'] = {
  'axios: redirect to another origin': redirects,
  'axios: DPoP, redirect to another origin': 'known fault: XMLHttpRequest takes the proof along, though not the token',
};

export const limitsOfWorkers: Runtime['leftOut'] = {
  'axios: replay of FormData': 'axios itself sends a form with the wrong content type where it finds no browser',
};

const tags = 'axios itself knows such a body by its tag, which this runtime has none of';

export const limitsOfOldWorkers: Runtime['leftOut'] = {
  ...limitsOfWorkers,
  'axios: replay of URLSearchParams': tags,
  'axios: replay of Blob': tags,
};
