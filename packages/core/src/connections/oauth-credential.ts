import type { OAuth2Credential } from '../connector/auth-method.ts';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import type { TokenSet } from '../oauth/token-set.ts';

/** What a credential is made from. */
export interface OAuthCredentialParts {
  readonly client: Pick<OAuthClient, 'app'>;
  readonly tokens: TokenSet;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The credential before, whose refresh token holds on where no other came. */
  readonly before?: OAuth2Credential;
}

/** The credential of a connection that holds these tokens. */
export function oauthCredential({ client, tokens, now, before }: OAuthCredentialParts): OAuth2Credential {
  const refreshToken = tokens.refreshToken ?? before?.refreshToken;
  return {
    type: 'oauth2',
    accessToken: tokens.accessToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    obtainedAt: now,
    ...(tokens.expiresInMs === null ? {} : { expiresAt: now + tokens.expiresInMs }),
    app: client.app,
  };
}
