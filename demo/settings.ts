import { parseArgs } from 'node:util';

export const help = `Takes axios, got and ky through a first request, a herd, a revocation and an expiry, and shows what each one costs.

  npx -y pnpm@12 demo                on an identity server and an API of its own, on this machine
  npx -y pnpm@12 demo [options]      on yours

Options, or the environment instead:
  --issuer URL            ISSUER           the identity server, found by discovery; or
  --token-endpoint URL    TOKEN_ENDPOINT   its token endpoint
  --client-id ID          CLIENT_ID
                          CLIENT_SECRET    from the environment only, where no process list shows it
  --scope SCOPE           SCOPE            optional
  --url URL               API_URL          what to GET
  --requests N                             how many at once, 20 by default
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
  };
  readonly url: string;
  readonly requests: number;
}

function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw new Error(`${name} is missing; --help says more`);
  return value;
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
    },
    url: required(values.url ?? env['API_URL'], '--url or API_URL'),
    requests,
  };
}
