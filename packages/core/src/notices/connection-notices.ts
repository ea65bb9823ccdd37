import type { ErrorClass } from '../errors/error-class.ts';

/** What `hub.on` can observe of connections. */
export interface ConnectionNotices {
  'connection.connected': { tenant: string; connectionId: string; connectorId: string; externalAccountId: string | null; at: number };
  'connection.disconnected': { tenant: string; connectionId: string; connectorId: string; at: number };
  /** A connection goes by another major of its connector from now on. */
  'connection.migrated': { tenant: string; connectionId: string; connectorId: string; from: number; to: number; at: number };
  /** The hub has found that a connection works no more, or works again; `connection.connected` says that somebody has connected it again. */
  'connection.status_changed': {
    tenant: string;
    connectionId: string;
    connectorId: string;
    from: string;
    to: string;
    /**
     * `refused`: the service does not accept the credential; `answer_lost`: a renewal was cut off; `expired`: its time is over and there is nothing
     * to renew it with; `unhealthy`: a look has shown that the account cannot be used; `recovered`: a look has shown that it works again.
     */
    reason: 'refused' | 'answer_lost' | 'expired' | 'unhealthy' | 'recovered';
    at: number;
  };
  /**
   * The host has named another account for a connection whose account was known: what is automated on it now acts for that one. Ids of the accounts;
   * `to` is `null` where it is not known any more.
   */
  'connection.account_changed': { tenant: string; connectionId: string; connectorId: string; from: string; to: string | null; at: number };
  /** A credential ends so many days from now or sooner, as the host has said; once for each of the days that the host wants. */
  'connection.credential_expiring': {
    tenant: string;
    connectionId: string;
    connectorId: string;
    expiresAt: number;
    days: number;
    at: number;
  };
  /** How well a connection works has changed, in a word; `score` is 0 to 100. */
  'connection.health_changed': {
    tenant: string;
    connectionId: string;
    connectorId: string;
    from: 'good' | 'degraded' | 'poor';
    to: 'good' | 'degraded' | 'poor';
    score: number;
    at: number;
  };
  /** Something is likely to fail soon, or, with `reason` null, is no longer. `expectedAt`: when, milliseconds since 1970; `null`: nobody can tell. */
  'connection.health_warning': {
    tenant: string;
    connectionId: string;
    connectorId: string;
    reason: 'credential_ending' | 'renewal_failing' | 'quota_nearly_used' | 'score_falling' | null;
    expectedAt: number | null;
    score: number;
    at: number;
  };
  /** Somebody has paused a connection or resumed it. `by`: kind of who did. */
  'connection.paused': { tenant: string; connectionId: string; connectorId: string; by: string; inbound: boolean; at: number };
  'connection.resumed': { tenant: string; connectionId: string; connectorId: string; by: string; at: number };
  /** The host is to ask a person to connect the account again; `message` is for that person. */
  'connection.reconnect_asked': { tenant: string; connectionId: string; connectorId: string; message: string; by: string; at: number };
  /** An access token was renewed, or asked for. */
  'connection.token_renewed': { tenant: string; connectionId: string; connectorId: string; at: number };
  /** It could not be; the hub tries again as long as `isOver` is false. */
  'connection.renewal_failed': { tenant: string; connectionId: string; connectorId: string; code: string; isOver: boolean; at: number };
  /** A connection has another credential. `previousUntil`: until when it can be rolled back, milliseconds since 1970; `null`: it cannot. */
  'connection.credential_replaced': {
    tenant: string;
    connectionId: string;
    connectorId: string;
    by: 'rotation' | 'roll_back';
    previousUntil: number | null;
    at: number;
  };
  /**
   * The host of a connection has been failing, so nothing is sent to it for `openMs` milliseconds; then one call finds out whether it works again.
   * Given once for each time that it opens, over all processes; `opens` counts those in a row.
   */
  'connection.breaker_opened': {
    tenant: string;
    connectionId: string;
    connectorId: string;
    origin: string;
    cause: ErrorClass;
    opens: number;
    openMs: number;
    at: number;
  };
  /** A call has shown that it works again, or somebody has reset the breaker. */
  'connection.breaker_closed': {
    tenant: string;
    connectionId: string;
    connectorId: string;
    origin: string;
    by: 'probe' | 'operator';
    at: number;
  };
  /** Something enabled needs scopes that the connection was not granted; its actions are refused before they are sent. */
  'connection.scopes_missing': { tenant: string; connectionId: string; connectorId: string; missing: readonly string[]; at: number };
}
