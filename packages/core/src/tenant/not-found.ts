import { PatchbayError } from '../errors/patchbay-error.ts';

const plurals = {
  connection: 'connections',
  automation: 'automations',
  run: 'runs',
  dispatch: 'dispatches',
  event: 'events',
  registration: 'webhooks',
  receiver: 'receivers',
  'kept delivery': 'kept deliveries',
  endpoint: 'endpoints',
  delivery: 'deliveries',
  'app registration': 'app registrations',
  secret: 'secrets',
  mapping: 'mappings',
  enrichment: 'enrichments',
  'alert rule': 'rules of alerts',
  alert: 'open alerts',
  suppression: 'suppressions',
} as const;

/** The one answer for what is absent, deleted, malformed or another tenant's. */
export function notFound(kind: keyof typeof plurals): PatchbayError {
  return new PatchbayError({
    code: 'not_found',
    message: `There is no such ${kind}. List the tenant's ${plurals[kind]} to see what there is.`,
  });
}
