import { type Command, Option } from 'commander';

/** What the command line says of the server and of the client. */
export interface ClientArguments {
  readonly issuer?: string;
  readonly tokenEndpoint?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly auth?: string;
  readonly encoding?: 'form' | 'raw';
  readonly key?: string;
  readonly kid?: string;
  readonly alg?: string;
  readonly assertionAudience?: string;
  readonly assertionHeader?: readonly string[];
  readonly clientAssertion?: string;
  readonly cert?: string;
  readonly certKey?: string;
  readonly ca?: string;
  readonly dpop?: boolean;
  readonly dpopKey?: string;
  readonly grant?: string;
  readonly grantParameter?: readonly string[];
  readonly scope?: readonly string[];
  readonly resource?: readonly string[];
  readonly audience?: readonly string[];
  readonly parameter?: readonly string[];
  readonly header?: readonly string[];
  readonly timeout?: string;
  readonly allowInsecureRequests?: boolean;
}

const methods = [
  'client_secret_post',
  'client_secret_basic',
  'client_secret_jwt',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
  'none',
];

const each = (value: string, values: readonly string[] = []): readonly string[] => [...values, value];

const many = (flags: string, description: string): Option => new Option(flags, description).argParser(each);

/** Adds the options that name a server and a client. A `<secret>` is read from where it says. */
export function addClientOptions(command: Command): Command {
  return command
    .optionsGroup('The server:')
    .option('--issuer <url>', 'the identity server; discovery finds its token endpoint')
    .option('--token-endpoint <url>', 'the token endpoint, in place of --issuer')
    .optionsGroup('The client (a <secret> is env:NAME, @file, or @- for standard input):')
    .option('--client-id <id>', 'the identifier of the client')
    .option('--client-secret <secret>', 'its secret (default: env:CLIENT_SECRET, or a prompt)')
    .addOption(new Option('--auth <method>', 'how it authenticates (default: as the server offers)').choices(methods))
    .addOption(new Option('--encoding <kind>', 'of client_secret_basic').choices(['form', 'raw']))
    .option('--key <secret>', 'the private key of private_key_jwt: PEM in PKCS#8, or a JWK')
    .option('--kid <id>', 'names that key')
    .option('--alg <name>', 'ES256, RS256, PS256 or EdDSA (default: that of the key)')
    .option('--assertion-audience <aud>', "issuer, token_endpoint, or another 'aud' of the assertion")
    .addOption(many('--assertion-header <name=value>', 'a further field of the header of the assertion'))
    .option('--client-assertion <secret>', 'an assertion that a platform or a key service made')
    .option('--cert <secret>', 'the client certificate, in PEM')
    .option('--cert-key <secret>', 'the private key of that certificate')
    .option('--ca <secret>', 'a certificate authority of your own, in PEM')
    .option('--dpop', 'bind the token to a key (DPoP)')
    .option('--dpop-key <secret>', 'that key: PEM in PKCS#8')
    .optionsGroup('The token:')
    .option('--grant <type>', 'jwt-bearer, token-exchange, refresh-token, or the URI of another grant')
    .addOption(many('--grant-parameter <name=value>', 'a parameter of the grant; name=@file for a token'))
    .addOption(many('--scope <scope>', 'may be given several times, like the following ones'))
    .addOption(many('--resource <uri>', 'the API that the token is for (RFC 8707)'))
    .addOption(many('--audience <name>', 'the same, as some servers call it'))
    .addOption(many('--parameter <name=value>', 'another parameter of the token request'))
    .addOption(many('--header <name=secret>', 'a header of the token request: name=env:NAME or name=@file'))
    .optionsGroup('The connection:')
    .option('--timeout <ms>', 'how long it may take (default: 10000)')
    .option('--allow-insecure-requests', 'allow plain http, other than to this machine');
}
