/** One tier of what tenants may have. */
export interface Plan {
  readonly name: string;
  /**
   * Figures by name. The hub holds `connections`, `automations`, `webhooks` (registrations), `endpoints` and `requestsPerMinute` (of the gateway), keeps the audit for `auditDays`, from 1 to 36,500,
   * deliveries that could not become events for `receiptDays`, at most 29, and the log of requests for `requestDays`; others
   * are the host's to read. A limit that is not named is 0: what a plan does not say, it does not give. Without `auditDays` the option
   * `audit.retentionDays` holds, without `requestDays` `requestLog.retentionDays`, and without `receiptDays` they are 29.
   */
  readonly limits: Readonly<Record<string, number | 'unlimited'>>;
  /**
   * The hub asks for `webhooks` (registering), `actions` (calls and automations), `gateway` (direct requests) and `custom_connectors`
   * (connectors of the category `custom`); others are the host's own.
   */
  readonly features: readonly string[];
}

/** Which tenant has which plan. The host's: the hub stores no plan. */
export interface PlanPolicy {
  /** From the least to the most; a refusal names the first one that lifts it. */
  readonly plans: readonly Plan[];
  /** The name of a tenant's plan. Asked for each decision, so a change holds at once; where it fails, what asked is refused with its error. */
  planOf(tenant: string): string | Promise<string>;
}
