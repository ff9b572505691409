import type { Report } from './report.ts';

/** What of this machine decides how requests travel. */
export function checkEnvironment(report: Report, env: NodeJS.ProcessEnv = process.env): void {
  report.step('This machine');
  report.add('ok', 'node', `Node ${process.versions.node}`);
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0')
    report.add(
      'problem',
      'tls-unverified',
      'NODE_TLS_REJECT_UNAUTHORIZED=0: whoever is on the way can read the secret and the tokens',
      'unset it, and name your certificate authority in NODE_EXTRA_CA_CERTS',
    );
  const proxy = proxyOf(env);
  if (proxy === undefined) return;
  if (usesProxy(env))
    report.add('note', 'proxy', `${proxy} is set, and used: what follows about DNS and TLS goes past the proxy`);
  else
    report.add(
      'note',
      'proxy-unused',
      `${proxy} is set, and the fetch of this Node does not use it`,
      'start Node 22.21, 24.5 or newer with NODE_USE_ENV_PROXY=1; docs/proxies.md has other ways',
    );
}

function proxyOf(env: NodeJS.ProcessEnv): string | undefined {
  return ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].find((name) => env[name]);
}

export function usesProxy(env: NodeJS.ProcessEnv = process.env): boolean {
  const isAsked = env['NODE_USE_ENV_PROXY'] === '1' || process.execArgv.includes('--use-env-proxy');
  return isAsked && proxyOf(env) !== undefined;
}
