import type { Act } from '../audit/recorder.ts';
import type { Row } from '../contracts/configuration-store.ts';

/** A credential is opened, to go into a request. */
export function credentialOpened({ value: { connection, kind, secretVersion } }: Row<'credential'>): Act {
  const object = { type: 'credential', id: connection };
  return { action: 'credential.open', object, connection, details: { kind, purpose: 'outgoing-request', secretVersion } };
}

/** A webhook secret is opened, to look at a signature, or to make one. */
export function secretOpened(place: { readonly id: string } & ({ readonly registration: string } | { readonly endpoint: string })): Act {
  const [object, purpose] =
    'endpoint' in place
      ? [{ type: 'endpoint', id: place.endpoint }, 'webhook-signing']
      : [{ type: 'registration', id: place.registration }, 'webhook-verification'];
  return { action: 'webhook_secret.open', object, details: { secret: place.id, purpose } };
}

/** The secret of an app registration or a flow is opened, to ask for tokens. */
export function oauthSecretOpened({
  of,
  id,
  secretVersion,
}: {
  readonly of: string;
  readonly id: string;
  readonly secretVersion: number;
}): Act {
  return { action: 'oauth_secret.open', object: { type: of, id }, details: { purpose: 'token-request', secretVersion } };
}

/** Where a named secret is kept. */
interface NamedSecret {
  readonly connection: string;
  readonly key: string;
  readonly secretVersion: number;
}

/** A named secret is opened, for whoever asks. */
export function namedSecretOpened({ connection, key, secretVersion }: NamedSecret, purpose: string): Act {
  return { action: 'named_secret.open', object: { type: 'named_secret', id: key }, connection, details: { purpose, secretVersion } };
}
