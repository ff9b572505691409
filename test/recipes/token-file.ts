import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnsecuredJWT } from 'jose';
import { Issuer } from './issuer.ts';
import type { Recipe } from './recipe.ts';

/** Writes tokens to a file as a kubelet does: when 80 % of a token's life is over, and all at once, behind a link. */
export const tokenFile: Recipe = {
  heading: 'A file',
  service: 'Kubernetes',
  async start() {
    const folder = await mkdtemp(join(tmpdir(), 'tokenline-'));
    const issuer = new Issuer(3_600_000, (number, expiresAt) =>
      new UnsecuredJWT({ sub: 'system:serviceaccount:shop:orders' })
        .setJti(String(number))
        .setExpirationTime(new Date(expiresAt))
        .encode(),
    );
    const rotate = async (): Promise<void> => {
      const { token } = issuer.issue();
      const version = `..version-${issuer.tokens.length}`;
      await mkdir(join(folder, version));
      await writeFile(join(folder, version, 'orders'), `${token}\n`);
      await symlink(version, join(folder, '..data_tmp'));
      await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    await rotate();
    await symlink(join('..data', 'orders'), join(folder, 'orders'));
    return {
      issuer,
      changes: { '/var/run/secrets/tokens': folder },
      async revoke() {
        issuer.revokeAll();
        await rotate();
      },
      async tick() {
        const left = (issuer.latest?.expiresAt ?? 0) - Date.now();
        if (left < issuer.lifetime / 5) await rotate();
      },
      close: () => rm(folder, { recursive: true }),
    };
  },
};
