import { parseArgs } from 'node:util';

export const help = `Takes axios, got, ky, fetch and undici through a cold start of many requests, a
revocation and an expiry, and shows what each of them costs.

  npx -y pnpm@12 demo              on an identity server and an API of its own
  npx -y pnpm@12 demo [options]    on yours

Options, or the environment instead:
  --issuer URL          ISSUER          the identity server, found by discovery
  --token-endpoint URL  TOKEN_ENDPOINT  its token endpoint, in place of --issuer
  --client-id ID        CLIENT_ID
                        CLIENT_SECRET   not as an option: process lists show it
  --scope SCOPE         SCOPE           optional
  --url URL             API_URL         what to GET
  --requests N                          how many at once, 20 by default
  --insecure                            allows http beyond this machine
  --help
`;

/** A server that the user has, and what to ask of it. */
export interface OwnServer {
  readonly client: {
    readonly issuer: string | undefined;
    readonly tokenEndpoint: string | undefined;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly scope: string | undefined;
    readonly allowInsecureRequests: boolean;
  };
  readonly url: string;
  readonly requests: number;
}

function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw new Error(`${name} is missing; --help says more`);
  return value;
}

function webAddress(text: string, name: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text))
    throw new Error(`${name} must be an absolute URL, such as https://api.example.com/orders`);
  return text;
}

/** Reads flags and environment: `undefined` where neither names a server, which means the embedded one. */
export function readSettings(args: readonly string[], env: NodeJS.ProcessEnv): OwnServer | 'help' | undefined {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    // pnpm hands the `--` on that separates its own flags.
    args: args.filter((arg) => arg !== '--'),
    options: {
      issuer: text,
      'token-endpoint': text,
      'client-id': text,
      scope: text,
      url: text,
      requests: text,
      insecure: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return 'help';
  const issuer = values.issuer ?? env['ISSUER'];
  const tokenEndpoint = values['token-endpoint'] ?? env['TOKEN_ENDPOINT'];
  if (issuer === undefined && tokenEndpoint === undefined) {
    if (Object.keys(values).length > 0) throw new Error('give --issuer or --token-endpoint as well; --help says more');
    return undefined;
  }
  const requests = Number(values.requests ?? 20);
  if (!Number.isInteger(requests) || requests < 1) throw new Error('--requests must be a positive integer');
  return {
    client: {
      issuer,
      tokenEndpoint,
      clientId: required(values['client-id'] ?? env['CLIENT_ID'], '--client-id or CLIENT_ID'),
      clientSecret: required(env['CLIENT_SECRET'], 'CLIENT_SECRET, in the environment,'),
      scope: values.scope ?? env['SCOPE'],
      allowInsecureRequests: values.insecure ?? false,
    },
    url: webAddress(required(values.url ?? env['API_URL'], '--url or API_URL'), values.url ? '--url' : 'API_URL'),
    requests,
  };
}
