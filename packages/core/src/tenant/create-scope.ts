import { auditedConfiguration } from '../audit/audited-configuration.ts';
import type { Recorder } from '../audit/recorder.ts';
import { hubScope } from '../contracts/configuration-store.ts';
import { checkTenant } from './check-tenant.ts';
import type { TenantScope, TenantServices } from './tenant-services.ts';

type Who = Omit<Recorder, 'generateId'>;

/** One tenant's services as one actor uses them. Throws `tenant_missing`. */
export const createScope = (services: TenantServices, tenant: string, who: Who): TenantScope => scopeOf(services, checkTenant(tenant), who);

/** What belongs to the hub and no tenant, for who looks after all of them. */
export const createHubScope = (services: TenantServices, who: Who): TenantScope => scopeOf(services, hubScope, who);

function scopeOf(services: TenantServices, tenant: string, who: Who): TenantScope {
  const recorder = { ...who, generateId: services.generateId };
  const configuration = auditedConfiguration(services.storage.configuration, recorder);
  const connect = { ...services.connect, store: configuration };
  return Object.freeze({ ...services, connect, tenant, recorder, configuration });
}
