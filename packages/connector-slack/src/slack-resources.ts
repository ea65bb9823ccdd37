import type { ConnectorManifest } from '@patchbay/core';

/** Where an action's input names its conversation. */
export const namedByInput = { channel: [{ fields: ['channel'] }] } as const;

/** What has to do with no conversation. */
export const untouched = { channel: 'untouched' } as const;

/** What may reach each conversation, and is refused to a connection that is confined to some. */
export const reachesAny = { channel: 'any' } as const;

/** Where a delivery names it. */
export const namedByDelivery = { channel: [{ fields: ['event.channel'] }] } as const;

/**
 * A connection can be confined to conversations, by their ids alone: a name goes to another channel when it is given away, and a delivery tells the
 * id. The Web API names a conversation in the query or the body, so requests of the host's own are refused to a confined connection.
 */
export const slackResources: ConnectorManifest['resources'] = {
  channel: { title: 'Channel', example: 'C0123456789', pattern: '[CGD][A-Z0-9]{2,}' },
};
