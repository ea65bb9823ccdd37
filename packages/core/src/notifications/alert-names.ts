import { parseDispatchId } from '../contracts/dispatch-id.ts';

/** Handler of what looks after open alerts; a function of the host has its name behind it. */
export const notificationHandler = 'notification';

/** Handler of one channel of the host. */
export const hostChannelHandler = (name: string): string => `${notificationHandler}:${name}`;

/** Target and lane of what a rule brings about. */
export const alertTarget = (rule: string): string => `alert:${rule}`;

/** How the paths of tellings begin. */
export const tellingPath = 'telling.';

/** How the names of alerts' states begin, and the name of one. */
export const alertStates = 'alert:';
export const alertStateName = (rule: string, subject: { readonly kind: string; readonly id: string }): string =>
  `${alertStates}${rule}:${subject.kind}:${subject.id}`;

/** How the names of suppressions begin. */
export const suppressionStates = 'alert-suppression:';

/** Where is kept how often a channel was used of late. */
export const channelStateName = (channel: string): string => `alert-channel:${channel}`;

/** Stream of the journal. */
export const alertStream = 'alert';

/** True for a dispatch that alerts have brought about: its failure must not become an alert of the same kind. */
export function isOfAlert(tenant: string, dispatchId: string): boolean {
  const key = parseDispatchId(tenant, dispatchId);
  return key?.target.startsWith('alert:') === true || key?.path.startsWith(tellingPath) === true;
}
