import { hubScope } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { sealFormLink } from '../webhooks/inbound/forms/form-link.ts';
import { formStateName } from '../webhooks/inbound/forms/locate-form.ts';
import { automationRow, toAutomation } from './automation-view.ts';
import { recordAct } from './record-act.ts';
import { requireStarts } from './start-automation.ts';
import type { TenantScope } from './tenant-services.ts';

/** For how long a link is good. */
export interface FormLinkOptions {
  /** Milliseconds, 60,000 to 31,622,400,000. @default 2,592,000,000, thirty days */
  readonly expiresInMs?: number;
}

/** A public address of a form. Whoever has it can send the form in. */
export interface FormLink {
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

const usualMs = 30 * 86_400_000;
const bounds = [60_000, 366 * 86_400_000] as const;

/** Makes a link to the form of an automation. */
export async function formLink(scope: TenantScope, reference: string, { expiresInMs = usualMs }: FormLinkOptions): Promise<FormLink> {
  const { tenant, storage, clock, publicUrl } = scope;
  const [least, most] = bounds;
  if (!(Number.isInteger(expiresInMs) && expiresInMs >= least && expiresInMs <= most))
    throw new PatchbayError({
      code: 'invalid_argument',
      message: `A link is good for ${least} to ${most} milliseconds. Correct expiresInMs.`,
    });
  const automation = toAutomation(await automationRow(scope, reference));
  requireStarts(automation, 'form.submitted');
  const { id } = automation;
  const expiresAt = Math.floor(clock.now()) + expiresInMs;
  await recordAct(scope, { action: 'automation.link_form', object: { type: 'automation', id }, details: { expiresAt } });
  const key = await sealFormLink(scope.vault, { tenant, form: id }, expiresAt);
  // Whose form it is stands with the hub, not in the address.
  await storage.states.write([{ tenant: hubScope, name: formStateName(id), expect: 'any', value: { tenant } }]);
  return { url: `${publicUrl}/forms/${id}?key=${key}`, expiresAt };
}
