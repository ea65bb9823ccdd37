import type { FlowRecord } from '../contracts/flow-store.ts';
import type { CredentialVault } from './credential-vault.ts';
import { type FlowDetail, type FlowSecret, parseFlowDetail, parseFlowSecret } from './flow-detail.ts';

/** What a flow holds. */
export interface FlowContent {
  readonly detail: Omit<FlowDetail, 'sealed'>;
  readonly secret: FlowSecret;
}

/** The value of a flow's record: its secret part sealed for this very flow. */
export async function sealFlow(
  vault: Pick<CredentialVault, 'sealFor'>,
  { tenant, hash }: Pick<FlowRecord, 'tenant' | 'hash'>,
  { detail, secret }: FlowContent,
): Promise<string> {
  const sealed = await vault.sealFor({ tenant, of: 'flow', id: hash, secretVersion: 1 }, JSON.stringify(secret));
  return JSON.stringify({ ...detail, sealed } satisfies FlowDetail);
}

/** What {@link sealFlow} put together. */
export async function openFlow(vault: Pick<CredentialVault, 'openFor'>, { tenant, hash, value }: FlowRecord): Promise<FlowContent> {
  const { sealed, ...detail } = parseFlowDetail(value);
  const secret = await vault.openFor({ tenant, of: 'flow', id: hash, secretVersion: 1 }, sealed);
  return { detail, secret: parseFlowSecret(secret.reveal('finish the flow')) };
}
