import { PatchbayError } from '../errors/patchbay-error.ts';
import { changeEndpoint } from './change-endpoint.ts';
import { endpointRow } from './endpoint-row.ts';
import { toEndpoint } from './endpoint-view.ts';
import { addSecret, type PutEndpoint, usualOverlapMs } from './put-endpoint.ts';
import { recordAct } from './record-act.ts';
import type { TenantScope } from './tenant-services.ts';

/** How a secret is replaced. */
export interface SecretRotation {
  /** Milliseconds for which the secret before goes on to sign beside the new one, 0 to 30 days; 0 ends it at once. @default 24 hours */
  readonly overlapMs?: number;
  /** @default one is made */
  readonly secret?: string;
}

/** 30 days. */
const longestOverlapMs = 2_592_000_000;

/** Puts a new secret in front; until the overlap ends every delivery carries the signatures of both. */
export async function rotateEndpointSecret(
  scope: TenantScope,
  reference: string,
  { overlapMs = usualOverlapMs, secret: given }: SecretRotation,
): Promise<PutEndpoint> {
  if (!Number.isInteger(overlapMs) || overlapMs < 0 || overlapMs > longestOverlapMs)
    throw new PatchbayError({
      code: 'invalid_argument',
      message: `The overlapMs of a rotation is a whole number of milliseconds from 0 to ${longestOverlapMs}.`,
    });
  let made: string | null = null;
  const row = await changeEndpoint(scope, reference, async ({ id, value }) => {
    const added = await addSecret(scope, { id, before: value.secrets, signing: value.signing, given, overlapMs });
    made = added.made;
    return { ...value, secrets: added.secrets };
  });
  return { ...toEndpoint(row), secret: made };
}

/** The newest secret in the clear; recorded before it is opened. */
export async function revealEndpointSecret(scope: TenantScope, reference: string): Promise<string> {
  const { id, name, value } = await endpointRow(scope, reference);
  const [newest] = value.secrets;
  if (!newest) throw new PatchbayError({ code: 'credential_missing', message: 'The endpoint has no secret. Rotate it.' });
  await recordAct(scope, { action: 'endpoint_secret.reveal', object: { type: 'endpoint', id }, details: { name, secret: newest.id } });
  const opened = await scope.vault.openSecret({ tenant: scope.tenant, endpoint: id, id: newest.id }, newest.sealed);
  return opened.reveal('webhook-signing');
}
