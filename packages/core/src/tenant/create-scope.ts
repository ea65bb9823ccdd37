import { auditedConfiguration } from '../audit/audited-configuration.ts';
import type { Recorder } from '../audit/recorder.ts';
import { checkTenant } from './check-tenant.ts';
import type { TenantScope, TenantServices } from './tenant-services.ts';

/** One tenant's services as one actor uses them. Throws `tenant_missing`. */
export function createScope(services: TenantServices, tenant: string, who: Omit<Recorder, 'generateId'>): TenantScope {
  const recorder = { ...who, generateId: services.generateId };
  const configuration = auditedConfiguration(services.storage.configuration, recorder);
  const connect = { ...services.connect, store: configuration };
  return Object.freeze({ ...services, connect, tenant: checkTenant(tenant), recorder, configuration });
}
