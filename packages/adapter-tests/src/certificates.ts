import { randomBytes } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { exportPKCS8 } from 'jose';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A certificate and its key, as a TLS server or client is told them. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Issues certificates, for `localhost` and for clients. */
export interface Authority {
  readonly ca: string;
  issue(name: string): Promise<Certificate>;
}

const makeKeys = (): Promise<CryptoKeyPair> => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
const serialNumber = (): string => `01${randomBytes(8).toString('hex')}`;

/** A certificate authority that nobody else knows. */
export async function privateAuthority(): Promise<Authority> {
  const keys = await makeKeys();
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=A private authority',
    serialNumber: serialNumber(),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  return {
    ca: root.toString('pem'),
    issue: async (name) => {
      const { publicKey, privateKey } = await makeKeys();
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${name}`,
        issuer: root.subject,
        serialNumber: serialNumber(),
        signingKey: keys.privateKey,
        publicKey,
        signingAlgorithm: algorithm,
        extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
      });
      return { cert: certificate.toString('pem'), key: await exportPKCS8(privateKey) };
    },
  };
}

/** A certificate that vouches for itself. */
export async function selfSigned(name: string): Promise<Certificate> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    serialNumber: serialNumber(),
    keys,
    signingAlgorithm: algorithm,
  });
  return { cert: certificate.toString('pem'), key: await exportPKCS8(keys.privateKey) };
}
