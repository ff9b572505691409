import type { Runtime } from './runtime.ts';

// What is known to fail. Each of these is a fault, and is named as one in what the command prints, until it is put right.

export const faultsOfBrowsers: Runtime['leftOut'] = {
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
