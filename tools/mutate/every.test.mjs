// All tests of an area in one file: most of the time that a mutant takes goes into loading the modules, which each file does anew.
import { globSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

for (const file of globSync(globalThis.tests).toSorted()) await import(pathToFileURL(file).href);
