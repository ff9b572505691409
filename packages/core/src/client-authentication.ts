import { type ClientAuth, ClientSecretPost } from 'oauth4webapi';
import type { ServerMetadata } from './discovery.ts';
import type { ClientAuthenticationMethod } from './options.ts';

/** How this client presents its secret: as told, else in the form, else as the metadata offers. */
export function authenticate(
  secret: string,
  method: ClientAuthenticationMethod | undefined,
  { token_endpoint_auth_methods_supported: offered }: ServerMetadata,
): ClientAuth {
  const basic = offered?.includes('client_secret_basic') && !offered.includes('client_secret_post');
  return (method ?? (basic ? 'client_secret_basic' : 'client_secret_post')) === 'client_secret_post'
    ? ClientSecretPost(secret)
    : clientSecretBasic(secret);
}

/** Every spelling in which a request shows the secret, the longest first. */
export function spellings(clientId: string, secret: string): readonly string[] {
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  const credentials = basicCredentials(clientId, secret);
  return [...new Set([credentials, form, formEncode(secret), encodeURIComponent(secret), secret])];
}

/** RFC 6749 §2.3.1, except that unreserved characters are left alone: several servers refuse them encoded. */
function clientSecretBasic(secret: string): ClientAuth {
  return (_server, client, _body, headers) => {
    headers.set('authorization', `Basic ${basicCredentials(client.client_id, secret)}`);
  };
}

function basicCredentials(clientId: string, secret: string): string {
  return btoa(`${formEncode(clientId)}:${formEncode(secret)}`);
}

function formEncode(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
