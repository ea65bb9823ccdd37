import type { Connector } from '../connector/connector-definition.ts';
import type { AppEndpoints } from '../contracts/configuration-records.ts';
import { algorithmOf } from '../oauth/sign-assertion.ts';
import { privateKeyOf } from './pem-texts.ts';
import { registeredMethod } from './registered-method.ts';

/** What a registration says of its secrets. */
export interface AppSecrets {
  readonly clientSecret?: string;
  readonly privateKey?: string;
  readonly keyId?: string;
  readonly endpoints?: AppEndpoints;
}

/** What keeps the private key of a registration from being used, or `undefined`. It never repeats the key. */
export function appKeyFault(connector: Connector, app: AppSecrets): string | undefined {
  const { clientSecret, privateKey, keyId, endpoints } = app;
  if (privateKey === undefined) return keyId === undefined ? undefined : 'it has a keyId and no privateKey';
  if (keyId !== undefined && !/^[\x21-\x7e]{1,200}$/.test(keyId)) return 'its keyId is no text of 1 to 200 characters without spaces';
  const key = privateKeyOf(privateKey);
  const algorithm = key && algorithmOf(key);
  if (!algorithm) return 'its privateKey is none in PEM, without a passphrase, of RSA with 2048 bits, P-256 or Ed25519';
  const installed = connector.definition.auth.find((method) => method.type === 'app_installation');
  if (installed) return installed.algorithm === algorithm ? undefined : `its privateKey does not sign by ${installed.algorithm}`;
  if (clientSecret !== undefined) return undefined;
  const { issuer } = endpoints ?? registeredMethod(connector);
  return issuer === undefined
    ? 'it proves itself with a privateKey, and nobody has said the issuer that its assertions are for'
    : undefined;
}
