import type { Row } from '../contracts/configuration-store.ts';
import type { EndpointRecord } from '../contracts/webhook-records.ts';
import type { Json } from '../json/json.ts';
import type { Condition } from '../rules/condition.ts';

/** An endpoint as the host sees it; no secret is in it. */
export interface Endpoint extends Omit<EndpointRecord, 'when' | 'secrets' | 'verification' | 'disabled'> {
  readonly id: string;
  readonly name: string;
  /** `unverified`: it has not answered its challenge and receives nothing else. */
  readonly status: 'active' | 'unverified' | 'disabled';
  /** Why it is disabled: by the host, because it answered 410, or because it failed for five days. `null`: it is not. */
  readonly disabled: { readonly reason: 'host' | 'gone' | 'failing'; readonly at: number } | null;
  readonly isVerified: boolean;
  readonly when?: Condition;
  readonly transform?: Json;
  /** The newest first; each signs until `notAfter`, milliseconds since 1970 (`null`: no end). */
  readonly secrets: readonly { readonly id: string; readonly publicKey: string | null; readonly notAfter: number | null }[];
}

/** The host's view of a stored endpoint. */
export function toEndpoint({ id, name, value }: Row<'endpoint'>): Endpoint {
  const { when, secrets, verification, disabled, ...rest } = value;
  const isVerified = verification !== 'pending';
  return {
    ...rest,
    id,
    name,
    status: disabled ? 'disabled' : isVerified ? 'active' : 'unverified',
    disabled: disabled ?? null,
    isVerified,
    // The parser let nothing else through when it was put.
    ...(when === undefined ? {} : { when: when as unknown as Condition }),
    secrets: secrets.map((secret) => ({ id: secret.id, publicKey: secret.publicKey ?? null, notAfter: secret.notAfter })),
  };
}
