/** Why a connection that still works is warned of. */
export type WarningReason = 'credential_ending' | 'renewal_failing' | 'quota_nearly_used' | 'score_falling';

/** What is likely to go wrong soon. In this order they are told. */
export const warningReasons: readonly WarningReason[] = ['credential_ending', 'renewal_failing', 'quota_nearly_used', 'score_falling'];
