import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** Collects all garbage now, so that the heap holds what is alive and nothing else. */
export const collectGarbage = runInNewContext('gc') as () => void;
