import { hubScope, type Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isUuid } from '../id/is-uuid.ts';
import type { AlertRuleDefinition } from '../notifications/alert-rule.ts';
import { parseAlertRule } from '../notifications/parse-alert-rule.ts';
import { isName } from './check-text.ts';
import { notFound } from './not-found.ts';
import type { TenantScope } from './tenant-services.ts';

/** A rule of alerts as the host sees it. */
export interface AlertRule {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly definition: AlertRuleDefinition;
}

/** Races that are tried again. */
export const alertRuleTries = 5;

/** Whose rules these are. */
export const alertOwner = ({ tenant }: Pick<TenantScope, 'tenant'>): 'tenant' | 'operator' => (tenant === hubScope ? 'operator' : 'tenant');

/** The rule of a name or an id. Throws `not_found`. */
export async function alertRuleRow(scope: TenantScope, reference: string): Promise<Row<'alert_rule'>> {
  await scope.ready();
  const { configuration } = scope.storage;
  const row = isUuid(reference)
    ? await configuration.get(scope.tenant, 'alert_rule', reference)
    : isName(reference)
      ? await configuration.find(scope.tenant, 'alert_rule', reference)
      : null;
  if (!row) throw notFound('alert rule');
  return row;
}

/** What the host sees of it. Throws `invalid_argument` for one that this version cannot read. */
export function viewAlertRule(scope: TenantScope, { id, name, value }: Pick<Row<'alert_rule'>, 'id' | 'name' | 'value'>): AlertRule {
  const { enabled, createdAt, definition } = value;
  return { id, name, enabled, createdAt, definition: parseAlertRule(definition, alertOwner(scope)) };
}

/** The answer to who loses every race. */
export function alertRuleBusy(): PatchbayError {
  return new PatchbayError({
    code: 'conflict',
    message: 'The rule of alerts is being changed by others at the same time. Try again.',
    retryable: true,
  });
}
