import { github } from '@patchbay/connector-github';
import { createHub, localKeys } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';

function build() {
  const { PATCHBAY_KEY, PUBLIC_URL = 'http://127.0.0.1:3000' } = process.env;
  const hub = createHub({
    connectors: [github()],
    storage: memoryStorage(),
    keys: localKeys({ active: 'k1', keys: { k1: PATCHBAY_KEY } }),
    publicUrl: `${PUBLIC_URL}/hub`,
  });
  hub.subscribe('github.issue.opened', { name: 'issue-log' }, (event) => console.log(`An issue was opened: ${event.subject}`));
  return hub;
}

declare global {
  var patchbayHub: ReturnType<typeof build> | undefined;
}

/**
 * The one hub of this process. It is made when it is first asked for, so that `next build` needs no key, and kept outside this module,
 * because the development server loads modules anew after each change.
 */
export function hub(): ReturnType<typeof build> {
  globalThis.patchbayHub ??= build();
  return globalThis.patchbayHub;
}
