import { PatchbayError } from '../errors/patchbay-error.ts';

/** Why connecting an account came to nothing. */
export type ConnectFailure =
  | 'access_denied'
  | 'invalid_scope'
  | 'temporarily_unavailable'
  | 'other'
  | 'flow_ended'
  | 'other_user'
  | 'app_changed'
  | 'wrong_issuer'
  | 'wrong_callback'
  | 'exchange_refused'
  | 'site_not_granted';

const messages: Readonly<Record<ConnectFailure, string>> = {
  access_denied: 'The permission was not given at the service. Nothing was connected; begin again to connect the account.',
  invalid_scope: 'The service does not offer a permission that was asked for. Check which scopes its app may have.',
  temporarily_unavailable: 'The service cannot give the permission at the moment. Begin again in a while.',
  other: 'The service did not give the permission. Begin again; if it goes on, check the app registration at the service.',
  flow_ended: 'Connecting took longer than ten minutes, or was finished before. Begin again.',
  other_user: 'Somebody else began to connect this account. Sign in as the person who began, or begin again.',
  app_changed: 'The registration of the app was changed in the meantime. Begin again.',
  wrong_issuer: 'The answer came from another service than the one that was asked. Nothing was connected; begin again.',
  wrong_callback: 'The answer came to an address that is not the one of its flow. Nothing was connected; begin again.',
  site_not_granted:
    'The permission does not reach the site that was named, or reaches none. Begin again, and choose the site at the service.',
  exchange_refused: 'The service did not accept its own answer. Nothing was connected; begin again.',
};

/** The error for connecting that came to nothing, for a person to read. `details.reason` names the cause. */
export function connectFailed(reason: ConnectFailure, cause?: unknown): PatchbayError {
  return new PatchbayError({
    code: 'connect_failed',
    message: messages[reason],
    details: { reason },
    ...(cause === undefined ? {} : { cause }),
  });
}
