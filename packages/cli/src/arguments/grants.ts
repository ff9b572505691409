import {
  type Credential,
  extensionGrant,
  jwtBearer,
  refreshToken,
  tokenExchange,
  type TokenExchangeOptions,
} from '@tokenline/core';
import { writeFile } from 'node:fs/promises';
import { UsageError } from '../usage-error.ts';
import type { ClientArguments } from './client-arguments.ts';
import { pairs } from './pairs.ts';
import { quoted, type SecretText, type SecretTexts } from './secret-texts.ts';
import type { Setting } from './settings.ts';

/** A parameter of a grant: the text of the command line, or a secret. */
interface Parameter {
  readonly value: Credential;
  readonly code: string;
  readonly secret: SecretText | undefined;
}

/** What is a token, or as good as one. */
const confidential = /token$|assertion$|secret|password|code$/i;

/** The grant of the arguments; `undefined` for client credentials. */
export function readGrant({ grant, grantParameter = [] }: ClientArguments, texts: SecretTexts): Setting | undefined {
  if (grant === undefined || grant === 'client-credentials') {
    if (grantParameter.length > 0) throw new UsageError('--grant-parameter needs --grant');
    return undefined;
  }
  const given = pairs('--grant-parameter', grantParameter).map(
    ([name, text]) => [name, read(name, text, texts)] as const,
  );
  const parameters = Object.fromEntries(given);
  const known = kinds[grant];
  return known ? known(parameters) : extension(grant, parameters);
}

function read(name: string, text: string, texts: SecretTexts): Parameter {
  const isSecret = /^(@|env:)/.test(text);
  if (!isSecret && confidential.test(name))
    throw new UsageError(`--grant-parameter ${name}: pass ${name}=@file or ${name}=env:NAME, not the text itself`);
  if (!isSecret) return { value: text, code: quoted(text), secret: undefined };
  const secret = texts.from(`--grant-parameter ${name}`, text);
  const code = secret.path === undefined ? secret.code : secret.code.replace('await ', '() => ');
  return { value: () => secret.read(), code, secret };
}

type Parameters = Readonly<Record<string, Parameter>>;

const kinds: Readonly<Record<string, (parameters: Parameters) => Setting>> = {
  'jwt-bearer'(parameters) {
    const { assertion } = take('jwt-bearer', parameters, ['assertion']);
    if (assertion === undefined) throw new UsageError('--grant jwt-bearer needs --grant-parameter assertion=@file');
    return { value: jwtBearer({ assertion: assertion.value }), code: `jwtBearer({ assertion: ${assertion.code} })` };
  },
  'token-exchange'(parameters) {
    const names = ['subject_token', 'subject_token_type', 'actor_token', 'actor_token_type', 'requested_token_type'];
    const given = Object.entries(take('token-exchange', parameters, names));
    const options = given.map(([name, { value }]) => [camelCase(name), value]);
    const code = given.map(([name, parameter]) => `${camelCase(name)}: ${parameter.code}`);
    return {
      value: tokenExchange(Object.fromEntries(options) as TokenExchangeOptions),
      code: `tokenExchange({ ${code.join(', ')} })`,
    };
  },
  'refresh-token'(parameters) {
    const { refresh_token: token } = take('refresh-token', parameters, ['refresh_token']);
    const path = token?.secret?.path;
    if (path === undefined)
      throw new UsageError(
        '--grant refresh-token needs --grant-parameter refresh_token=@file: a new one is written there',
      );
    return {
      value: refreshToken({
        load: token?.value as () => Promise<string>,
        save: (next) => writeFile(path, next, { mode: 0o600 }),
      }),
      code: `refreshToken({ load: ${token?.code}, save: (token) => writeFile(${quoted(path)}, token) })`,
    };
  },
};

function extension(type: string, parameters: Parameters): Setting {
  const given = Object.entries(parameters);
  const code = given.map(([name, parameter]) => `${quoted(name)}: ${parameter.code}`);
  const more = given.length > 0 ? `, { ${code.join(', ')} }` : '';
  return {
    value: extensionGrant(type, Object.fromEntries(given.map(([name, { value }]) => [name, value]))),
    code: `extensionGrant(${quoted(type)}${more})`,
  };
}

function take(grant: string, parameters: Parameters, names: readonly string[]): Parameters {
  const other = Object.keys(parameters).find((name) => !names.includes(name));
  if (other !== undefined)
    throw new UsageError(`--grant ${grant} takes no ${other}: its parameters are ${names.join(', ')}`);
  return parameters;
}

function camelCase(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
