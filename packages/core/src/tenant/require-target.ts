import type { Connector } from '../connector/connector-definition.ts';
import { leavesConfinement, useOf } from '../connector/leaves-confinement.ts';
import { namedResources } from '../connector/named-resources.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { TenantScope } from './tenant-services.ts';

/** Throws `resource_refused` where a connection is confined and what is to be registered at its provider is not of those resources. */
export function requireTarget({ id, definition }: Connector, connection: Row<'connection'>, target: string | undefined): void {
  const uses = definition.webhook?.subscriptions?.resources;
  const left = leavesConfinement(definition.resources, connection.value.confinedTo, (kind, name) =>
    namedResources(kind, useOf(uses, name), target === undefined ? {} : { target }),
  );
  if (left === undefined) return;
  throw new PatchbayError({
    code: 'resource_refused',
    message: `A registration at ${id} does not stay with a ${left} that the connection is confined to, so nothing was sent. Name one of those as its target, or change confinedTo.`,
    details: { resource: left },
    sent: 'no',
  });
}

/** Throws `credential_missing` where deliveries would be signed with the secret of the host's app, and the hub does not know it. */
export function requireAppSecret({ hasAppSecret }: Pick<TenantScope, 'hasAppSecret'>, { id, definition }: Connector): void {
  if (definition.webhook?.subscriptions?.signedBy !== 'app' || hasAppSecret(id)) return;
  throw new PatchbayError({
    code: 'credential_missing',
    message: `Deliveries of ${id} to what is registered by its API are signed with the secret of your app, which the hub does not know. Set apps.${id}.webhookSecret.`,
    sent: 'no',
  });
}
