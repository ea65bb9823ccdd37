import { createSecretKey } from 'node:crypto';
import { createHub, type Hub, localKeys } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import type { Checkpoint } from '@patchbay/core/host';
import { hubKeys, publicUrl } from './hub-settings.ts';

/** A hub that has no connectors, and seals with a key. */
export const sealingHub = (storage: Storage<unknown>, sink: (checkpoint: Checkpoint) => Promise<void>): Hub =>
  createHub({
    connectors: [],
    storage,
    keys: localKeys(hubKeys),
    publicUrl,
    loopbackOnly: true,
    audit: {
      chainKeys: { active: 'a1', keys: { a1: createSecretKey(Buffer.alloc(32, 9)) } },
      checkpoints: { sink, everyMs: 1 },
    },
  });
