import type { TokenSourceOptions } from '@tokenline/core';

/** One option of `createTokenSource`: its value, and the JavaScript that a user writes for it. */
export interface Setting {
  readonly value: unknown;
  readonly code: string;
}

type Name = keyof TokenSourceOptions;

const modules: Readonly<Record<string, readonly string[]>> = {
  'node:fs/promises': ['readFile', 'writeFile'],
  'node:tls': ['rootCertificates'],
  '@tokenline/core': [
    'clientAssertion',
    'clientSecretBasic',
    'clientSecretJwt',
    'createTokenSource',
    'extensionGrant',
    'jwtBearer',
    'privateKeyJwt',
    'proofKey',
    'refreshToken',
    'selfSignedTlsClientAuth',
    'tlsClientAuth',
    'tokenExchange',
  ],
  '@tokenline/undici/mtls-fetch': ['mtlsFetch'],
};

/** The options of a source, as values and as code. */
export class Settings {
  readonly #entries: ReadonlyMap<Name, Setting>;

  constructor(entries: Iterable<readonly [Name, Setting]> = []) {
    this.#entries = new Map(entries);
  }

  /** The same settings with another one; without it, where `setting` is `undefined`. */
  with(name: Name, setting: Setting | undefined): Settings {
    const entries = new Map(this.#entries);
    if (setting === undefined) entries.delete(name);
    else entries.set(name, setting);
    return new Settings(entries);
  }

  get(name: Name): Setting | undefined {
    return this.#entries.get(name);
  }

  toOptions(): TokenSourceOptions {
    return Object.fromEntries([...this.#entries].map(([name, { value }]) => [name, value])) as TokenSourceOptions;
  }

  /** A module that makes the source. */
  toCode(): string {
    const lines = [...this.#entries].map(([name, { code }]) => `  ${name}: ${code},\n`);
    const call = `const source = createTokenSource({\n${lines.join('')}});\n`;
    const imports = Object.entries(modules).flatMap(([module, names]) => {
      const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(call));
      return used.length > 0 ? [`import { ${used.join(', ')} } from '${module}';\n`] : [];
    });
    return `${imports.join('')}\n${call}`;
  }
}
