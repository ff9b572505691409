import { createTokenSource, privateKeyJwt } from '@tokenline/fetch';
import { privateKeys } from './keys.js';

const { ISSUER, CLIENT_ID } = process.env;

const sourceWith = (key) =>
  createTokenSource({ issuer: ISSUER, clientId: CLIENT_ID, clientAuthentication: privateKeyJwt({ key }) });

/** A source whose key can be replaced: `source` is for `bearerAuth`. */
export async function rotatingSource() {
  let [key] = await privateKeys();
  let current = sourceWith(key);

  return {
    source: { getToken: (options) => current.getToken(options) },

    /** Takes the first key, once it has proved itself: until then, requests go on with the tokens of the old one. */
    rotate: async () => {
      const [next] = await privateKeys();
      if (next.kid === key.kid) return;
      try {
        const successor = sourceWith(next);
        await successor.getToken();
        [key, current] = [next, successor];
        console.log(`the key ${next.kid} is in use`);
      } catch (error) {
        console.error(`the key ${next.kid} is of no use yet: ${error.message}`);
      }
    },
  };
}
