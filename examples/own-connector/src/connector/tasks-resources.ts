import type { ConnectorManifest } from '@patchbay/core';

/** What a connection can be confined to. */
export const tasksResources: ConnectorManifest['resources'] = {
  list: {
    title: 'List',
    example: 'home',
    pattern: '[a-z0-9-]{1,64}',
    paths: [{ path: '/lists/{}/**' }],
  },
};
