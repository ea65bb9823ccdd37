import { randomUUID } from 'node:crypto';
import { hmacSha256, type Json } from '@patchbay/core';
import { signWebhook } from '@patchbay/testing';
import { connect, type DeskProcess, type DeskTenant } from '../desk/desk-stage.ts';

const secret = 'a-desk-secret';
const scheme = hmacSha256({ header: 'x-desk-signature' });

/** A tenant whose desk sends webhooks. */
export async function listening(tenant: DeskTenant): Promise<string> {
  await connect(tenant);
  return (await tenant.webhooks.register({ connection: 'main', secret })).url;
}

/** Delivers a ticket as the desk would; answers the status. */
export async function deliver({ hub }: DeskProcess, url: string, body: Json, id: string = randomUUID()): Promise<number> {
  const text = JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'x-desk-delivery': id, ...signWebhook(scheme, { secret, body: text }) };
  return (await hub.handler(new Request(url, { method: 'POST', headers, body: text }))).status;
}
