import { asksForTokens } from '../connections/held-credential.ts';
import type { Credential } from '../connector/auth-method.ts';
import type { AnyDefinition } from '../connector/connector-definition.ts';
import type { Json } from '../json/json.ts';
import { attachmentOf } from './attach-credential.ts';
import { checkGrant } from './check-grant.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { chooseSigning } from './signing/choose-signing.ts';

/** What looks, before a credential is stored, whether it could be sent. Throws what a request with it would throw. */
export function credentialCheck(
  { signers }: Pick<GatewayOptions, 'signers'>,
  { auth }: Pick<AnyDefinition, 'auth'>,
): (credential: Credential, settings: Readonly<Record<string, Json>>) => void {
  return (credential, settings) => {
    if (asksForTokens(auth, credential)) checkGrant(auth, credential);
    else attachmentOf(auth, credential);
    chooseSigning({ signers, auth, settings }, credential);
  };
}
