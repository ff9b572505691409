import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { availableParallelism, cpus, loadavg } from 'node:os';

/** Where and when something was measured, and with which versions. */
export interface Environment {
  readonly date: string;
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  /** How many processes wanted a core in the last minute, this one included. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
}

const packages = [
  '@tokenline/core',
  'axios',
  'got',
  'ky',
  'undici',
  'axios-auth-refresh',
  'axios-oauth-client',
  'axios-token-interceptor',
  'simple-oauth2',
  '@badgateway/oauth2-client',
  'openid-client',
  'google-auth-library',
  '@azure/core-rest-pipeline',
];

export function environment(): Environment {
  return {
    date: new Date().toISOString(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    load: Number(loadavg()[0]?.toFixed(1)),
    versions: Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
  };
}

function versionOf(name: string): string {
  const manifest = findPackageJSON(name, import.meta.url);
  if (manifest === undefined) throw new Error(`${name} is not installed`);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
