import type { AuthMethod, Credential } from '../../connector/auth-method.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { Json } from '../../json/json.ts';
import { methodFor } from '../attach-credential.ts';
import { settingText } from '../resolve-origin.ts';
import type { SigningOptions } from './connection-signing.ts';
import type { RequestSigner } from './request-signer.ts';
import { serviceAccount } from './service-account.ts';

/** Signers by their id. */
export type RequestSigners = ReadonlyMap<string, RequestSigner>;

/** Where a credential and its settings come from. */
export interface SigningSource {
  readonly signers: RequestSigners;
  readonly auth: readonly AuthMethod[];
  readonly settings: Readonly<Record<string, Json>>;
}

/**
 * The signer for a credential, with what it is given; `null` for a kind that is not signed with. Throws `credential_missing` for a signer that is
 * not there and members that it does not have, and `egress_refused` for a setting that cannot stand in an option.
 */
export function chooseSigning({ signers, auth, settings }: SigningSource, credential: Credential): SigningOptions | null {
  if (credential.type === 'service_account') {
    const { algorithm, audience, tokenUrl, scopes } = methodFor(auth, { type: credential.type });
    // What it is exchanged for is attached as any token is.
    if (tokenUrl !== undefined) return null;
    const { issuer, subject, keyId, privateKey } = credential;
    const options = { algorithm, audience, ...(scopes ? { scope: scopes.join(' ') } : {}) };
    return { signer: serviceAccount, fields: present({ issuer, subject, keyId, privateKey }), options };
  }
  if (credential.type !== 'signature') return null;
  const method = methodFor(auth, { type: credential.type });
  const signer = signers.get(method.signer);
  if (!signer) throw unfit(`The signer ${method.signer} is not there. Pass it to createHub in signers.`);
  checkFields(signer, credential.fields);
  const options = Object.entries(method.options ?? {}).map(([name, text]) => [name, settingText(text, settings)]);
  return { signer, fields: credential.fields, options: Object.fromEntries(options) };
}

/** Fields of a credential that are secret, as its signer says. */
export function secretFields({ signer, fields }: SigningOptions): readonly string[] {
  return Object.entries(fields).flatMap(([name, value]) => (signer.fields[name]?.secret === false ? [] : [value]));
}

function checkFields({ fields, id }: RequestSigner, given: Readonly<Record<string, string>>): void {
  const missing = Object.entries(fields).filter(([name, { required = true }]) => required && !Object.hasOwn(given, name));
  const hasOthers = Object.keys(given).some((name) => !Object.hasOwn(fields, name));
  if (missing.length === 0 && !hasOthers) return;
  // The name of an unknown one comes from the host, and may be the secret itself.
  const fault = missing.length > 0 ? `lacks ${missing.map(([name]) => name).join(', ')}` : 'has fields that the signer does not know';
  throw unfit(`The credential for ${id} ${fault}. It takes: ${Object.keys(fields).join(', ')}.`);
}

function present(fields: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function unfit(message: string): PatchbayError {
  return new PatchbayError({ code: 'credential_missing', message, sent: 'no' });
}
