/** A host that connects accounts with the authorization code flow. */
export interface FlowContestant {
  /** Where the browser of a person is sent. */
  begin(flow: number): Promise<URL>;
  /** The browser comes back; resolves when the account is connected, and throws otherwise. */
  finish(flow: number, callback: URLSearchParams): Promise<void>;
}

/** Path at which a host's authorization server sends browsers back. */
export const callbackPath = '/hub/oauth/callback/archive';

/** The app at the authorization server. */
export const app = { clientId: 'client-1', clientSecret: 'a-secret-of-the-benchmarks' };
