import { hasProxies } from './http/client-address.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { DoorAnswer } from './webhooks/inbound/door/door-answer.ts';
import { createDoorLimits } from './webhooks/inbound/door/door-limits.ts';
import { locateForm } from './webhooks/inbound/forms/locate-form.ts';
import { type FormRequest, type ReceiveFormOptions, receiveForm } from './webhooks/inbound/forms/receive-form.ts';
import { createTenantLocator } from './webhooks/inbound/locate-tenant.ts';

/** How often forms are asked for: people are slower than services, and whoever has a link may be anybody. */
const rates = { url: { perSecond: 20, burst: 200 }, address: { perSecond: 2, burst: 60 } };

/** Binds forms: what answers at their addresses. */
export function formReceiver(
  { storage, clock, generateId, proxies, randomName }: ResolvedOptions,
  parts: Pick<ReceiveFormOptions, 'cache' | 'publisher' | 'vault'>,
): (request: FormRequest) => Promise<DoorAnswer> {
  const options: ReceiveFormOptions = {
    ...parts,
    ...{ clock, generateId, randomName },
    limits: createDoorLimits({ rates, clock, hasProxies: hasProxies(proxies) }),
    locateForm: createTenantLocator({ store: { locateRegistration: (form) => locateForm(storage.states, form) }, clock }),
  };
  return (request) => receiveForm(options, request);
}
