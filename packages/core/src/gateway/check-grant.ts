import { createPrivateKey } from 'node:crypto';
import type { AuthMethod, ClientCredential, Credential, InstallationCredential } from '../connector/auth-method.ts';
import type { AppInstallationAuth, ClientCredentialsAuth } from '../connector/token-auth.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { type AssertionAlgorithm, algorithmOf, wrongKey } from '../oauth/sign-assertion.ts';
import { methodFor } from './attach-credential.ts';

/** Looks whether tokens can be asked for with a credential, before it is stored. Throws `credential_missing`. */
export function checkGrant(methods: readonly AuthMethod[], credential: Credential): void {
  const { type } = credential;
  if (type === 'service_account') checkKey(credential.privateKey, methodFor(methods, { type }).algorithm);
  if (type === 'client_credentials') checkClient(methodFor(methods, { type }), credential);
  if (type === 'app_installation') checkInstallation(methodFor(methods, { type }), credential);
}

function checkKey(privateKey: string, algorithm: AssertionAlgorithm): void {
  if (algorithmOf(createPrivateKey(privateKey)) !== algorithm) throw wrongKey(algorithm);
}

function checkClient({ issuer }: ClientCredentialsAuth, { privateKey }: ClientCredential): void {
  if (privateKey === undefined) return;
  if (algorithmOf(createPrivateKey(privateKey)) === undefined)
    throw unfit('The privateKey cannot sign an assertion. It takes one of RSA with 2048 bits, P-256 or Ed25519.');
  if (issuer === undefined)
    throw unfit('The connector does not say the issuer that an assertion would be for, so a client proves itself with a clientSecret.');
}

function checkInstallation({ algorithm, narrowedBy = [] }: AppInstallationAuth, { privateKey, narrow = {} }: InstallationCredential): void {
  if (privateKey !== undefined) checkKey(privateKey, algorithm);
  if (Object.keys(narrow).every((field) => narrowedBy.includes(field))) return;
  const known = narrowedBy.length === 0 ? 'nothing' : narrowedBy.join(', ');
  throw unfit(`The installation is narrowed by a field that the service does not know. It knows ${known}.`);
}

function unfit(message: string): PatchbayError {
  return new PatchbayError({ code: 'credential_missing', message, sent: 'no' });
}
