import { z } from 'zod';
import type { OAuth2Credential } from '../connector/auth-method.ts';
import type { OAuth2Auth } from '../connector/oauth2-auth.ts';
import type { NewDispatch } from '../contracts/dispatch-records.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json } from '../json/json.ts';
import type { CredentialVault } from './credential-vault.ts';

/** What executes revocations. */
export const revocationHandler = 'revocation';

const schema = z.object({
  connector: z.string(),
  /** Major of the connection's connector; absent in one of before. */
  major: z.exactOptional(z.int()),
  app: z.string(),
  settings: z.custom<Readonly<Record<string, Json>>>(isJsonObject),
  kind: z.enum(['refresh_token', 'access_token']),
  sealed: z.string(),
});

/** The input of a revocation, as it stands in the ledger: the token is sealed for this very dispatch. */
export type RevocationInput = z.infer<typeof schema>;

/** Reads the input of a revocation. Throws for what this version did not write. */
export const parseRevocation = (input: string | null): RevocationInput => schema.parse(JSON.parse(input ?? 'null'));

/** Where the token of a revocation is sealed for. */
export const revocationPlace = (tenant: string, root: string) => ({ tenant, of: 'flow', id: root, secretVersion: 1 }) as const;

/** A connection that ends here and is to end at the service too. */
export interface Ending {
  readonly tenant: string;
  /** Id of the dispatch's root. */
  readonly root: string;
  readonly connector: string;
  /** `undefined`: the lowest that is registered. */
  readonly major: number | undefined;
  readonly settings: Readonly<Record<string, Json>>;
  readonly app: string | undefined;
  readonly token: RevocableToken;
}

/** The token by which a grant is taken back. */
export interface RevocableToken {
  readonly kind: RevocationInput['kind'];
  readonly token: string;
}

/** The refresh token, with which the rest goes, else the access token, unless the connector says which. `null` where there is none of that kind. */
export function revocableToken({ revocation }: OAuth2Auth, { refreshToken, accessToken }: OAuth2Credential): RevocableToken | null {
  if (revocation?.token !== 'access_token' && refreshToken !== undefined) return { kind: 'refresh_token', token: refreshToken };
  return revocation?.token === 'refresh_token' ? null : { kind: 'access_token', token: accessToken };
}

/** The dispatch that takes a grant back. */
export async function revocationDispatch(vault: Pick<CredentialVault, 'sealFor'>, ending: Ending): Promise<NewDispatch> {
  const { tenant, root, connector, major, settings, app = connector } = ending;
  const { kind, token } = ending.token;
  const sealed = await vault.sealFor(revocationPlace(tenant, root), token);
  return {
    key: { tenant, root, target: 'revocation', replay: 0, path: 'revocation' },
    handler: revocationHandler,
    lane: `revocation:${connector}`,
    workClass: 'live',
    operation: 'revoke',
    connection: null,
    input: JSON.stringify({ connector, ...(major === undefined ? {} : { major }), app, settings, kind, sealed } satisfies RevocationInput),
    version: null,
    delayMs: 0,
    mark: 'claim',
    onUnknown: 'retry',
    ordering: null,
  };
}
