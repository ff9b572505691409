import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Herds } from './behaviours/herds.ts';
import type { Outage } from './behaviours/outage.ts';
import type { RefusingApi } from './behaviours/refusing-api.ts';
import type { ShortLifetime } from './behaviours/short-lifetime.ts';
import type { Contender } from './contender.ts';
import type { AddedCost } from './costs/added-cost.ts';
import type { GetTokenCost } from './costs/get-token.ts';
import type { ListenerCost } from './costs/listeners.ts';
import type { Size } from './costs/size.ts';
import type { Environment } from './report/environment.ts';
import type { Spread } from './statistics.ts';

/** All that was measured of one contender; what was not, or makes no sense, is not there. */
export interface Result extends Pick<Contender, 'name' | 'client' | 'role' | 'usage'> {
  readonly herds?: Herds | undefined;
  readonly outage?: Outage | undefined;
  readonly shortLifetime?: ShortLifetime | undefined;
  readonly refusingApi?: RefusingApi | undefined;
  /** On a stubbed transport. */
  readonly stubbed?: AddedCost | undefined;
  /** Over loopback. */
  readonly loopback?: AddedCost | undefined;
  readonly getToken?: GetTokenCost | undefined;
  readonly heapPerKey?: Spread | undefined;
  readonly size?: Size | undefined;
  readonly importTime?: Spread | undefined;
}

export interface Results {
  readonly environment: Environment;
  readonly results: readonly Result[];
  readonly listeners?: readonly ListenerCost[] | undefined;
}

const folder = join(import.meta.dirname, '../results');

export function writeResults(name: string, results: Results): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(results, round, 1)}\n`);
}

export function readResults(name: string): Results {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Results;
}

export function writeTable(name: string, markdown: string): void {
  writeFileSync(join(folder, `${name}.md`), markdown);
}

/** More digits than these are noise. */
function round(_name: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}
