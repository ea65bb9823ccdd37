import { defineAction, defineConnector } from '@patchbay/core';
import { z } from 'zod';

/** A connector with one action, which calls `effect` and nobody else. */
export const nothingConnector = (effect: () => void) =>
  defineConnector({
    id: 'nothing',
    name: 'Nothing',
    description: 'Does nothing, for measuring what doing it costs.',
    docsUrl: 'https://example.com/nothing',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'none' }],
    origin: 'https://nothing.example.com',
    triggers: {},
    actions: {
      act: defineAction({
        title: 'Do nothing',
        description: 'Answers at once.',
        idempotency: 'idempotent',
        scopes: [],
        input: z.object({ position: z.number(), text: z.string() }),
        output: z.object({}),
        run: async () => {
          effect();
          return {};
        },
      }),
    },
    healthCheck: async () => ({ healthy: true }),
  });
