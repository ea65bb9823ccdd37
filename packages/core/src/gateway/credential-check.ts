import { asksForTokens } from '../connections/held-credential.ts';
import type { Credential } from '../connector/auth-method.ts';
import type { AnyDefinition } from '../connector/connector-definition.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';
import { attachmentOf } from './attach-credential.ts';
import { checkGrant } from './check-grant.ts';
import { connectionPlace } from './connection-place.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { secretTarget } from './secret-target.ts';
import { chooseSigning } from './signing/choose-signing.ts';

/** What looks, before a credential is stored, whether it could be sent. Throws what a request with it would throw. */
export function credentialCheck(
  { signers }: Pick<GatewayOptions, 'signers'>,
  definition: Pick<AnyDefinition, 'auth' | 'origin' | 'basePath'>,
): (credential: Credential, settings: Readonly<Record<string, Json>>) => void {
  return (credential, settings) => {
    const { auth } = definition;
    if (asksForTokens(auth, credential)) checkGrant(auth, credential);
    else attachmentOf(auth, credential);
    chooseSigning({ signers, auth, settings }, credential);
    checkPlace(definition, credential, settings);
    secretTarget(auth, credential, connectionPlace(definition, credential, settings).origin);
  };
}

/** The settings say where this kind of credential goes. */
function checkPlace(...place: Parameters<typeof connectionPlace>): void {
  try {
    connectionPlace(...place);
  } catch (error) {
    throw isPatchbayError(error) ? new PatchbayError({ code: 'invalid_argument', message: error.message, cause: error }) : error;
  }
}
