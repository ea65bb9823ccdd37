import type { Connector } from '@patchbay/core';
import { signedTime, signsBody } from './webhook-signing.ts';

/** One part of the suite, and why it does not apply to a connector: by what the connector declares, and nothing else. */
export interface ConcernOfConnector {
  readonly concern: string;
  /** `null`: it applies. */
  readonly reason: string | null;
}

/** Which parts of the suite apply to a connector. */
export function concernsOf({ manifest, definition }: Connector): readonly ConcernOfConnector[] {
  const { webhook } = definition;
  const classes = new Set(manifest.actions.map(({ idempotency }) => idempotency));
  const oauth = manifest.auth.find((method) => method.type === 'oauth2');
  const noActions = manifest.actions.length === 0 && 'it has no actions';
  const noWebhooks = !webhook && 'it receives no webhooks';
  const unsigned = webhook?.scheme === undefined && 'its service signs no webhooks';
  const rows: readonly (readonly [concern: string, reasons: readonly (string | false)[]])[] = [
    ['manifest', []],
    ['health check', []],
    ['actions', [noActions]],
    ['failing service: limits, resets, slow, huge and broken answers', [noActions]],
    ['credential said back', [noActions, manifest.auth.every(({ type }) => type === 'none') && 'it takes no credential']],
    ['effect without answer', [noActions]],
    ['listing without end', [!manifest.actions.some(({ paginated }) => paginated) && 'no action of it is paginated']],
    ['repeats', [!classes.has('idempotent') && !classes.has('keyed') && 'no action of it is idempotent or keyed']],
    ['reconciliation', [!classes.has('reconcilable') && 'no action of it is reconcilable']],
    ['confinement', [Object.keys(manifest.resources).length === 0 && 'it declares no resources']],
    ['OAuth', [!oauth && 'it has no way in by OAuth']],
    ['tokens that end', [!oauth && 'it has no way in by OAuth', !oauth?.refresh && 'its OAuth declares no refresh']],
    ['webhooks', [noWebhooks]],
    ['tampering', [noWebhooks, unsigned]],
    [
      'tampering with the body',
      [noWebhooks, unsigned, webhook?.scheme && !signsBody(webhook.scheme) ? 'its signature does not cover the body' : false],
    ],
    ['clock skew', [noWebhooks, !signedTime(webhook?.scheme) && 'its service signs no time']],
    ['replay', [noWebhooks]],
    ['registration', [!webhook?.subscriptions && 'its webhooks are set up by a person']],
    ['choices for inputs', [!definition.options && 'it declares no choices for inputs']],
    ['content for search', [!definition.content && 'it declares no content for search']],
    ['polling', [!manifest.triggers.some(({ delivery }) => delivery === 'polling') && 'no trigger of it is polled']],
  ];
  return rows.map(([concern, reasons]) => ({ concern, reason: reasons.find((reason) => reason !== false) ?? null }));
}
