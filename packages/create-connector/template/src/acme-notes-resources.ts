import type { ConnectorManifest } from '@patchbay/core';

/** What a connection can be confined to. */
export const acmeNotesResources: ConnectorManifest['resources'] = {
  notebook: {
    title: 'Notebook',
    example: 'plans',
    pattern: '[a-z0-9-]{1,64}',
    paths: [{ path: '/notebooks/{}/**' }],
  },
};
